//! Callslot over HTTP, with the API's own client. For the check: it blocks a thread for each request.

use callslot_api::{
    AgentPut, Call, CallEnd, CallStart, CallState, CallType, Client, ClientError, OrgCreate,
    Reservation, ReservationsPut,
};
use tokio::task::spawn_blocking;

use crate::answer::{Answer, Refused};
use crate::pool::{CALL_TYPES, Class, Pool};

/// Creates the organisation, its agents and their reservations.
pub async fn set_up(url: &str, key: &str, pool: &Pool) -> Result<(), Refused> {
    let (url, key, pool) = (url.to_owned(), key.to_owned(), pool.clone());
    blocking(move || {
        let client = Client::new(&url, &key, Some(&pool.org));
        client.create_org(&OrgCreate {
            id: Some(pool.org.clone()),
            name: pool.org.clone(),
            plan: "standard".to_owned(),
            limit_override: Some(pool.limit),
            max_call_duration_s: None,
            max_wait_s: None,
            max_queued: None,
        })?;
        for agent in &pool.agents {
            client.put_agent(agent, &AgentPut { name: agent.clone(), cap: None, pace: None })?;
        }
        let reservations = pool.agents.iter().map(|agent| {
            let [webcall, chat, outbound, inbound] =
                CALL_TYPES.map(|call_type| pool.reserved(&Class::new(agent, call_type)));
            Reservation { agent: agent.clone(), webcall, chat, outbound, inbound }
        });
        let put = ReservationsPut { reservations: reservations.collect() };
        client.put_reservations(&put, None).map(drop)
    })
    .await
    .map_err(|error| error.to_string())
}

/// A client in an organisation.
#[derive(Clone)]
pub struct Connection(Client);

impl Connection {
    /// Asks at once and keeps its connection.
    pub fn new(url: &str, key: &str, org: &str) -> Self {
        Self(Client::new(url, key, Some(org)))
    }

    /// Starts a call, or returns its state if its id is known.
    pub async fn start(&self, class: &Class, id: &str) -> Result<Answer, Refused> {
        let start = CallStart {
            id: Some(id.to_owned()),
            ..CallStart::new(&class.agent, call_type(&class.call_type)?)
        };
        let client = self.0.clone();
        answer(blocking(move || client.start_call(&start, 0)).await)
    }

    pub async fn end(&self, id: &str) -> Result<Answer, Refused> {
        let (client, id) = (self.0.clone(), id.to_owned());
        answer(blocking(move || client.end_call(&id, &CallEnd { note: None })).await)
    }
}

fn answer(said: Result<Call, ClientError>) -> Result<Answer, Refused> {
    match said {
        Ok(call) => Ok(match call.state {
            CallState::Active => Answer::Active,
            CallState::Queued => Answer::Queued,
            CallState::Ended => Answer::Ended,
        }),
        Err(ClientError::Problem(problem)) if problem.status == 404 => Ok(Answer::Unknown),
        Err(ClientError::Problem(problem)) if problem.status == 409 => Ok(Answer::Conflict),
        Err(error) => Err(error.to_string()),
    }
}

fn call_type(name: &str) -> Result<CallType, Refused> {
    let named = serde_json::Value::from(name);
    serde_json::from_value(named).map_err(|_| format!("`{name}` is not a call type"))
}

async fn blocking<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, ClientError> + Send + 'static,
) -> Result<T, ClientError> {
    spawn_blocking(ask).await.expect("a request does not panic")
}
