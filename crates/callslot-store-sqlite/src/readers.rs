//! Connections that read the log for those who follow it: several at once, so that a slow read holds nobody up. Everything else
//! that reads has a connection of its own.

use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use callslot_store::StoreError;
use rusqlite::Connection;

use crate::limits::{LOG_READER_CACHE_KIB, LOG_READERS};
use crate::open::{open_to_read, with_cache};

/// A number of connections to one file.
#[derive(Debug)]
pub(crate) struct Readers {
    free: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    /// Opens the connections.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let open = |_| with_cache(open_to_read(path)?, LOG_READER_CACHE_KIB, path);
        let free = (0..LOG_READERS).map(open).collect::<Result<_, StoreError>>()?;
        Ok(Self { free: Mutex::new(free), returned: Condvar::new() })
    }

    /// Does something with a connection, as soon as one is free.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&mut Connection) -> T) -> T {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .returned
            .wait_while(free, |free| free.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        let connection = free.pop().expect("one is free");
        drop(free);
        let mut lent = Lent { readers: self, connection: Some(connection) };
        work(lent.connection.as_mut().expect("it is returned last"))
    }
}

/// A connection in use, returned even if what uses it panics.
struct Lent<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut free = self.readers.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.extend(self.connection.take());
        self.readers.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    fn readers(directory: &Path) -> Readers {
        let path = directory.join("some.db");
        Connection::open(&path)
            .expect("a file")
            .execute_batch("CREATE TABLE t (x)")
            .expect("a table");
        Readers::open(&path).expect("it can be read")
    }

    #[test]
    fn slow_reads_do_not_hold_up_another_one() {
        let directory = tempfile::tempdir().expect("a directory");
        let readers = &readers(directory.path());
        thread::scope(|scope| {
            let slow: Vec<mpsc::Sender<()>> = (1..LOG_READERS)
                .map(|_| {
                    let (end, ended) = mpsc::channel();
                    let (begin, has_begun) = mpsc::channel();
                    scope.spawn(move || {
                        readers.read(|_| {
                            begin.send(()).expect("it is awaited");
                            ended.recv().expect_err("nothing is sent");
                        });
                    });
                    has_begun.recv().expect("it begins");
                    end
                })
                .collect();
            assert_eq!(readers.read(|reader| reader.is_readonly("main")), Ok(true));
            drop(slow);
        });
    }

    #[test]
    fn a_panic_takes_no_connection_away() {
        let directory = tempfile::tempdir().expect("a directory");
        let readers = readers(directory.path());
        for _ in 0..=LOG_READERS {
            let read = catch_unwind(AssertUnwindSafe(|| readers.read(|_| panic!("on purpose"))));
            assert!(read.is_err());
        }
        assert_eq!(readers.read(|reader| reader.is_readonly("main")), Ok(true));
    }
}
