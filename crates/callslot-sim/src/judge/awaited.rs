//! An answer that a node owes, for all who wait for it: the judge, and perhaps an engine.

use std::cell::RefCell;
use std::rc::Rc;

use callslot_node::Unavailable;
use tokio::sync::oneshot::{Receiver, error::TryRecvError};

type Answer<T> = Result<T, Unavailable>;

/// An answer that a node owes.
#[derive(Debug)]
pub(crate) struct Awaited<T>(Rc<RefCell<State<T>>>);

#[derive(Debug)]
struct State<T> {
    receiver: Receiver<Answer<T>>,
    answer: Option<Answer<T>>,
}

impl<T: Clone> Awaited<T> {
    pub(crate) fn new(receiver: Receiver<Answer<T>>) -> Self {
        Self(Rc::new(RefCell::new(State { receiver, answer: None })))
    }

    /// The answer, if it has been given.
    pub(crate) fn try_recv(&self) -> Result<Answer<T>, TryRecvError> {
        let mut state = self.0.borrow_mut();
        if state.answer.is_none() {
            state.answer = Some(state.receiver.try_recv()?);
        }
        state.answer.clone().ok_or(TryRecvError::Empty)
    }

    /// The answer as a handle of the node gives it; none while it is not known.
    pub(crate) fn outcome(&self) -> Option<Answer<T>> {
        match self.try_recv() {
            Ok(answer) => Some(answer),
            Err(TryRecvError::Closed) => Some(Err(Unavailable::StoreFailed)),
            Err(TryRecvError::Empty) => None,
        }
    }
}

impl<T> Clone for Awaited<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}
