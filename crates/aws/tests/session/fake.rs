//! A server that answers what credential sources ask: STS, the sign-in portal, container and instance metadata; and
//! Organizations with "in no organization", so that a reading ends at once. It writes down what it was asked.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;

type Answer = Response<Full<Bytes>>;

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) target: String,
    /// The access key id in the signature; empty where unsigned.
    pub(crate) key: String,
    pub(crate) token: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Fake {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { url, asked: Arc::default() };
        let serving = fake.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, serving.clone()));
            }
        });
        fake
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The key that signed the call of Organizations.
    pub(crate) fn organizations_key(&self) -> String {
        let asked = self.asked();
        let call = asked.iter().find(|asked| asked.target.ends_with(".DescribeOrganization"));
        call.unwrap_or_else(|| panic!("Organizations was not called: {asked:?}")).key.clone()
    }

    /// The form that asked STS for `action`.
    pub(crate) fn form(&self, action: &str) -> String {
        let asked = self.asked();
        let call = asked.iter().find(|asked| asked.body.contains(&format!("Action={action}&")));
        call.unwrap_or_else(|| panic!("{action} was not called: {asked:?}")).body.clone()
    }
}

async fn serve(stream: tokio::net::TcpStream, fake: Fake) {
    let service = service_fn(|request| answer(&fake, request));
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(fake: &Fake, request: Request<Incoming>) -> Result<Answer, Infallible> {
    let (head, body) = request.into_parts();
    let header =
        |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let asked = Asked {
        path: head.uri.to_string(),
        body: String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned(),
        target: header("x-amz-target"),
        key: key_of(&header("authorization")),
        token: header("x-amz-sso_bearer_token"),
    };
    fake.asked.lock().unwrap().push(asked.clone());
    Ok(if !asked.target.is_empty() {
        organizations(&asked.key)
    } else if head.method == Method::POST {
        sts(&asked)
    } else {
        metadata(&asked)
    })
}

fn reply(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    answer.body(Full::new(body.into())).unwrap()
}

fn key_of(authorization: &str) -> String {
    let after = authorization.split_once("Credential=").map(|(_, rest)| rest);
    after.and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned()
}

fn organizations(key: &str) -> Answer {
    if key == "UNKNOWNKEY" {
        let body = r#"{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}"#;
        return reply(400, &[("content-type", "application/x-amz-json-1.1")], body);
    }
    let body = r#"{"__type":"AWSOrganizationsNotInUseException","Message":"Your account is not a member of an organization."}"#;
    reply(400, &[("content-type", "application/x-amz-json-1.1")], body)
}

fn sts(asked: &Asked) -> Answer {
    let arn = "arn:aws:sts::111111111111:assumed-role/Audit/ann@example.com";
    let credentials = |key: &str| {
        format!(
            "<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
             <SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
             <AssumedRoleUser><Arn>{arn}</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>"
        )
    };
    let (action, result) = if asked.body.contains("Action=AssumeRoleWithWebIdentity&") {
        ("AssumeRoleWithWebIdentity", credentials("WEBIDENTITYKEY"))
    } else if asked.body.contains("role%2FForbidden") {
        let error = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: \
                     arn:aws:sts::111111111111:assumed-role/Audit/ann@example.com is not authorized to perform: \
                     sts:AssumeRole</Message></Error><RequestId>r-1</RequestId></ErrorResponse>";
        return reply(403, &[], error);
    } else if asked.body.contains("Action=AssumeRole&") {
        ("AssumeRole", credentials("ROLEKEY"))
    } else {
        let identity = format!("<Arn>{arn}</Arn><UserId>x</UserId><Account>111111111111</Account>");
        ("GetCallerIdentity", identity)
    };
    let body = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>{result}</{action}Result>\
         <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></{action}Response>"
    );
    reply(200, &[("content-type", "text/xml")], body)
}

fn metadata(asked: &Asked) -> Answer {
    let keys = |key: &str| {
        format!(
            r#"{{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"{key}","SecretAccessKey":"secret","Token":"token","Expiration":"2099-01-01T00:00:00Z","LastUpdated":"2026-01-01T00:00:00Z"}}"#
        )
    };
    match asked.path.split('?').next().unwrap_or_default() {
        "/federation/credentials" if asked.token == "signed-in" => reply(200, &[], SIGNED_IN),
        "/federation/credentials" => {
            let body = r#"{"__type":"UnauthorizedException","message":"Session token not found or invalid"}"#;
            reply(401, &[("x-amzn-errortype", "UnauthorizedException")], body)
        }
        "/container" => reply(200, &[], keys("CONTAINERKEY")),
        "/latest/api/token" => reply(200, &[("x-aws-ec2-metadata-token-ttl-seconds", "21600")], "imds-token"),
        "/latest/meta-data/iam/security-credentials/" => reply(200, &[], "role"),
        "/latest/meta-data/iam/security-credentials/role" => reply(200, &[], keys("INSTANCEKEY")),
        _ => reply(404, &[], ""),
    }
}

const SIGNED_IN: &str = r#"{"roleCredentials":{"accessKeyId":"SSOKEY","secretAccessKey":"s","sessionToken":"t","expiration":4070908800000}}"#;
