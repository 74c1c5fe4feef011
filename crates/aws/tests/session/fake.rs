//! A server that answers what credential sources ask: STS, the sign-in portal, container and instance metadata; and
//! Organizations with "in no organization", so that a reading ends at once. It writes down what it was asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

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
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
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

async fn answer(State(fake): State<Fake>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let asked = Asked {
        path: uri.to_string(),
        body: String::from_utf8_lossy(&body).into_owned(),
        target: header("x-amz-target"),
        key: key_of(&header("authorization")),
        token: header("x-amz-sso_bearer_token"),
    };
    fake.asked.lock().unwrap().push(asked.clone());
    if !asked.target.is_empty() {
        return organizations();
    }
    if method == Method::POST {
        return sts(&asked);
    }
    metadata(&asked)
}

fn key_of(authorization: &str) -> String {
    let after = authorization.split_once("Credential=").map(|(_, rest)| rest);
    after.and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned()
}

fn organizations() -> Response {
    let body = r#"{"__type":"AWSOrganizationsNotInUseException","Message":"Your account is not a member of an organization."}"#;
    (StatusCode::BAD_REQUEST, [("content-type", "application/x-amz-json-1.1")], body).into_response()
}

fn sts(asked: &Asked) -> Response {
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
        return (StatusCode::FORBIDDEN, error).into_response();
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
    ([("content-type", "text/xml")], body).into_response()
}

fn metadata(asked: &Asked) -> Response {
    let keys = |key: &str| {
        format!(
            r#"{{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"{key}","SecretAccessKey":"secret","Token":"token","Expiration":"2099-01-01T00:00:00Z","LastUpdated":"2026-01-01T00:00:00Z"}}"#
        )
    };
    match asked.path.split('?').next().unwrap_or_default() {
        "/federation/credentials" if asked.token == "signed-in" => {
            r#"{"roleCredentials":{"accessKeyId":"SSOKEY","secretAccessKey":"s","sessionToken":"t","expiration":4070908800000}}"#
                .into_response()
        }
        "/federation/credentials" => {
            let body = r#"{"__type":"UnauthorizedException","message":"Session token not found or invalid"}"#;
            (StatusCode::UNAUTHORIZED, [("x-amzn-errortype", "UnauthorizedException")], body).into_response()
        }
        "/container" => keys("CONTAINERKEY").into_response(),
        "/latest/api/token" => ([("x-aws-ec2-metadata-token-ttl-seconds", "21600")], "imds-token").into_response(),
        "/latest/meta-data/iam/security-credentials/" => "role".into_response(),
        "/latest/meta-data/iam/security-credentials/role" => keys("INSTANCEKEY").into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
