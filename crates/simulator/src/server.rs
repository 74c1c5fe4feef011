//! HTTP on the loopback address: connections in, requests to the simulator, its answers out in whole, in part or not
//! at all.

use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use hyper::service::service_fn;
use hyper::{Request as HttpRequest, Response};
use hyper_util::rt::TokioIo;
use optout_core::org::Snapshot;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::options::Options;
use crate::rules::Rules;
use crate::simulator::Simulator;
use crate::state::LoadError;
use crate::wire::{Delivery, Reply, Request};

/// The longest request, in bytes: AWS's longest field is 40,000 characters, faults may be longer.
const LONGEST_REQUEST: usize = 8 * 1024 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const TARGET: &str = "x-amz-target";

/// A simulator that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The snapshot cannot be simulated.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The port could not be had.
    #[error("failed to listen on {address}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

/// A simulator that is listening. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, like `http://127.0.0.1:4321`.
    pub url: String,
    /// The simulator behind it.
    pub simulator: Simulator,
    accepting: JoinHandle<()>,
}

impl Simulator {
    /// Starts a simulator on 127.0.0.1 and no other address.
    ///
    /// # Errors
    /// Where the snapshot cannot be simulated or the port cannot be had.
    pub async fn start(snapshot: &Snapshot, rules: Rules, options: Options) -> Result<Running, StartError> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let simulator = Self::new(snapshot, rules, options)?;
        let failed = |source| StartError::Listen { address: wanted, source };
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let accepting = tokio::spawn(accept(listener, simulator.clone()));
        Ok(Running { url: format!("http://{address}"), simulator, accepting })
    }
}

impl Running {
    /// Stops listening and ends every connection.
    pub async fn shutdown(mut self) {
        self.accepting.abort();
        // The task ends by being aborted: that is its only result.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Accepts connections until aborted; the set ends them with it.
async fn accept(listener: TcpListener, simulator: Simulator) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(serve(stream, simulator.clone()))),
                Err(error) => tracing::warn!(%error, "a connection could not be accepted"),
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

async fn serve(stream: TcpStream, simulator: Simulator) {
    // Small answers go out at once, or every call would cost 40 ms of Nagle and delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "Nagle's algorithm stays on");
    }
    let service = service_fn(|request| respond(request, &simulator));
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A request whose connection is to end without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is dropped on demand")]
struct DroppedError;

async fn respond(request: HttpRequest<Incoming>, simulator: &Simulator) -> Result<Response<Sent>, DroppedError> {
    let request = match read(request).await {
        Ok(request) => request,
        Err(reply) => return Ok(send(reply, false)),
    };
    match simulator.answer(&request).await {
        Delivery::Whole(reply) => Ok(send(reply, false)),
        Delivery::CutShort(reply) => Ok(send(reply, true)),
        Delivery::Dropped => Err(DroppedError),
        Delivery::Never => std::future::pending().await,
    }
}

async fn read(request: HttpRequest<Incoming>) -> Result<Request, Reply> {
    let (head, body) = request.into_parts();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let too_long = |_| Reply::of(413, "application/json", "{\"message\":\"the request is too long or broken\"}");
    let body = Limited::new(body, LONGEST_REQUEST).collect().await.map_err(too_long)?;
    Ok(Request {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        target: header(TARGET),
        authorization: header(AUTHORIZATION.as_str()),
        content_type: header(CONTENT_TYPE.as_str()),
        body: body.to_bytes().to_vec(),
    })
}

fn send(reply: Reply, cut_short: bool) -> Response<Sent> {
    let length = reply.body.len();
    let mut bytes = Bytes::from(reply.body);
    if cut_short {
        bytes.truncate(length / 2);
    }
    let mut response = Response::new(Sent {
        bytes: Some(bytes),
        declared: length,
        end: if cut_short { End::Flush } else { End::Whole },
    });
    *response.status_mut() = hyper::StatusCode::from_u16(reply.status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(reply.content_type));
    if let Ok(id) = hyper::header::HeaderValue::from_str(&reply.request_id)
        && !id.is_empty()
    {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// A body that is sent whole, or that breaks off before the length it declared.
#[derive(Debug)]
struct Sent {
    bytes: Option<Bytes>,
    declared: usize,
    end: End,
}

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Where it should.
    Whole,
    /// Too early, once what there is has gone out.
    Flush,
    /// Too early, now.
    Break,
}

impl Body for Sent {
    type Data = Bytes;
    type Error = DroppedError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DroppedError>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.end {
            End::Whole => Poll::Ready(None),
            End::Flush => {
                // A body that is not ready makes hyper flush; one that fails at once would take the head with it.
                self.end = End::Break;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::Break => Poll::Ready(Some(Err(DroppedError))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && self.end == End::Whole
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.declared).unwrap_or(u64::MAX))
    }
}
