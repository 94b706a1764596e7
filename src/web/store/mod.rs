//! What keeps the work in the browser: IndexedDB, strictly durable.
//!
//! Where the connection broke, it is opened anew once and the transaction is run again.

mod browser;
mod connection;
mod error;
mod idb;
pub(super) mod kept;
mod upgrade;

pub use browser::{estimate, persist};
pub use connection::DATABASE;
pub use idb::Upgrade;
pub use upgrade::upgrade;

use std::cell::RefCell;
use std::rc::Rc;

use crate::store::{Answers, Engine, Plan, Store, StoreError, Task};
use connection::{Connection, End};

/// Opens the browser's database, and makes it on the first visit. `upgrade` is [`upgrade()`], where
/// that is there.
///
/// `gave_way` is called when it had to be closed for good, since another version of the page wants
/// it, or a person deletes it.
///
/// # Errors
/// Besides what the browser refuses: [`StoreError::Older`], where `upgrade` is wanted.
pub async fn open(upgrade: Option<Upgrade>, gave_way: Rc<dyn Fn()>) -> Result<Store, StoreError> {
    let connection =
        RefCell::new(Some(Rc::new(Connection::open(upgrade, gave_way.clone()).await?)));
    Ok(Store::new(Rc::new(IndexedDb { connection, upgrade, gave_way })))
}

struct IndexedDb {
    connection: RefCell<Option<Rc<Connection>>>,
    upgrade: Option<Upgrade>,
    gave_way: Rc<dyn Fn()>,
}

impl Engine for IndexedDb {
    fn run<'a>(&'a self, plan: &'a Plan<'a>) -> Task<'a, Result<Answers, StoreError>> {
        Box::pin(self.run_twice(plan))
    }
}

impl IndexedDb {
    /// Runs a transaction; where the connection broke, once more on a new one.
    async fn run_twice(&self, plan: &Plan<'_>) -> Result<Answers, StoreError> {
        let connection = self.connection().await?;
        let why = match connection.run(plan).await {
            Err(StoreError::Lost(why)) => why,
            done => return done,
        };
        if connection.end() == Some(End::GaveWay) {
            return Err(StoreError::VersionChange);
        }
        self.forget(&connection);
        match self.connection().await {
            Ok(connection) => connection.run(plan).await,
            Err(StoreError::Unavailable(_)) => Err(StoreError::Lost(why)),
            Err(error) => Err(error),
        }
    }

    async fn connection(&self) -> Result<Rc<Connection>, StoreError> {
        let open = self.connection.borrow().clone();
        if let Some(open) = open {
            match open.end() {
                None => return Ok(open),
                // Opened anew, the database could be an empty one, and writing to it would look
                // like success.
                Some(End::GaveWay) => return Err(StoreError::VersionChange),
                Some(End::Lost) => {}
            }
        }
        let connection = Rc::new(Connection::open(self.upgrade, self.gave_way.clone()).await?);
        *self.connection.borrow_mut() = Some(connection.clone());
        Ok(connection)
    }

    /// Lets go of a connection, unless another has taken its place.
    fn forget(&self, connection: &Rc<Connection>) {
        let mut open = self.connection.borrow_mut();
        if open.as_ref().is_some_and(|open| Rc::ptr_eq(open, connection)) {
            *open = None;
        }
    }
}
