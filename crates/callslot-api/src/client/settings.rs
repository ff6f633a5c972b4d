//! How an organisation shares out its slots: reservations, agents, types, gates and alerts.

use crate::{
    Agent, AgentPut, Alert, AlertPut, Gate, GatePut, Page, PastAlert, Pool, ReservationsPreview,
    ReservationsPut, TypePut, TypeSettings,
};

use super::{Client, ClientError, encoded, page};

impl Client {
    /// Replaces the reservations of the agents named, if they are still at `version`.
    pub fn put_reservations(
        &self,
        put: &ReservationsPut,
        version: Option<u64>,
    ) -> Result<Pool, ClientError> {
        let if_match = version.map(|version| ("if-match", format!("\"{version}\"")));
        self.request("PUT", "/v1/reservations", Some(put), if_match.as_slice())
    }

    /// What [`put_reservations`](Self::put_reservations) would lead to, without changing anything.
    pub fn preview_reservations(
        &self,
        put: &ReservationsPut,
    ) -> Result<ReservationsPreview, ClientError> {
        self.request("POST", "/v1/reservations/preview", Some(put), &[])
    }

    /// Removes an agent's reservations.
    pub fn delete_reservations(&self, agent: &str) -> Result<Pool, ClientError> {
        self.request("DELETE", &format!("/v1/reservations/{}", encoded(agent)), None::<&()>, &[])
    }

    /// A page of agents.
    pub fn agents(&self, cursor: Option<&str>) -> Result<Page<Agent>, ClientError> {
        self.get(&format!("/v1/agents{}", page(cursor)))
    }

    /// Creates or replaces an agent.
    pub fn put_agent(&self, id: &str, put: &AgentPut) -> Result<Agent, ClientError> {
        self.send("PUT", &format!("/v1/agents/{}", encoded(id)), put)
    }

    /// Deletes an agent.
    pub fn delete_agent(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/agents/{}", encoded(id)))
    }

    /// A call type's settings.
    pub fn type_settings(&self, call_type: &str) -> Result<TypeSettings, ClientError> {
        self.get(&format!("/v1/types/{}", encoded(call_type)))
    }

    /// Replaces a call type's settings.
    pub fn put_type(&self, call_type: &str, put: &TypePut) -> Result<TypeSettings, ClientError> {
        self.send("PUT", &format!("/v1/types/{}", encoded(call_type)), put)
    }

    /// A page of gates.
    pub fn gates(&self, cursor: Option<&str>) -> Result<Page<Gate>, ClientError> {
        self.get(&format!("/v1/gates{}", page(cursor)))
    }

    /// One gate.
    pub fn gate(&self, id: &str) -> Result<Gate, ClientError> {
        self.get(&format!("/v1/gates/{}", encoded(id)))
    }

    /// Creates or replaces a gate.
    pub fn put_gate(&self, id: &str, put: &GatePut) -> Result<Gate, ClientError> {
        self.send("PUT", &format!("/v1/gates/{}", encoded(id)), put)
    }

    /// Deletes a gate.
    pub fn delete_gate(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/gates/{}", encoded(id)))
    }

    /// A page of alerts.
    pub fn alerts(&self, cursor: Option<&str>) -> Result<Page<Alert>, ClientError> {
        self.get(&format!("/v1/alerts{}", page(cursor)))
    }

    /// One alert.
    pub fn alert(&self, id: &str) -> Result<Alert, ClientError> {
        self.get(&format!("/v1/alerts/{}", encoded(id)))
    }

    /// Creates or replaces the rule of an alert.
    pub fn put_alert(&self, id: &str, put: &AlertPut) -> Result<Alert, ClientError> {
        self.send("PUT", &format!("/v1/alerts/{}", encoded(id)), put)
    }

    /// Deletes the rule of an alert.
    pub fn delete_alert(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/alerts/{}", encoded(id)))
    }

    /// A page of the alerts that closed, newest first.
    pub fn past_alerts(&self, cursor: Option<&str>) -> Result<Page<PastAlert>, ClientError> {
        self.get(&format!("/v1/alerts/history{}", page(cursor)))
    }
}
