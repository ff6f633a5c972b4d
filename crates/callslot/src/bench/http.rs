//! The door of HTTP/1.1: a kept connection, which asks one thing after the other.

use std::sync::Arc;

use callslot_api::{Call, CallStart, CallState, Problem};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::bench::door::{Refused, Target, refusal};

/// A kept connection.
pub struct Connection {
    target: Arc<Target>,
    requests: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects.
    pub async fn open(target: Arc<Target>) -> Result<Self, Refused> {
        let failed = |why: String| format!("no connection to {}: {why}", target.authority);
        let stream =
            TcpStream::connect(target.address).await.map_err(|error| failed(error.to_string()))?;
        stream.set_nodelay(true).map_err(|error| failed(error.to_string()))?;
        let (requests, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|error| failed(error.to_string()))?;
        tokio::spawn(async move {
            // Whoever asks next is told that it is gone.
            let _ = connection.await;
        });
        Ok(Self { target, requests })
    }

    /// Starts a call; says how it stands.
    pub async fn start(&mut self, start: &CallStart) -> Result<CallState, Refused> {
        let body = serde_json::to_vec(start).expect("the API's types can be written");
        let answer = self.post("/v1/calls", body).await?;
        let call: Call = serde_json::from_slice(&answer)
            .map_err(|error| format!("an answer that is no call: {error}"))?;
        Ok(call.state)
    }

    /// Ends a call.
    pub async fn end(&mut self, id: &str) -> Result<(), Refused> {
        self.post(&format!("/v1/calls/{id}/end"), Vec::new()).await.map(drop)
    }

    async fn post(&mut self, path: &str, body: Vec<u8>) -> Result<Bytes, Refused> {
        let mut request = Request::post(path)
            .header(HOST, &self.target.authority)
            .header(AUTHORIZATION, format!("Bearer {}", self.target.key));
        if let Some(org) = &self.target.org {
            request = request.header("callslot-org", org);
        }
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| format!("a request that cannot be made: {error}"))?;
        let lost = |error: hyper::Error| format!("the connection was lost: {error}");
        self.requests.ready().await.map_err(lost)?;
        let answer = self.requests.send_request(request).await.map_err(lost)?;
        body_of(answer).await
    }
}

/// The body of an answer, if it is a success.
async fn body_of(answer: Response<Incoming>) -> Result<Bytes, Refused> {
    let status = answer.status();
    let body = answer.into_body().collect().await;
    let body = body.map_err(|error| format!("the connection was lost: {error}"))?.to_bytes();
    if status.is_success() {
        return Ok(body);
    }
    let problem = serde_json::from_slice::<Problem>(&body);
    Err(problem.map_or_else(|_| format!("status {status}"), |problem| refusal(&problem)))
}
