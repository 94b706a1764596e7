//! The store in memory: the twin of the browser's, for tests and simulations.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::plan::{Answer, Answers, Ask, Engine, Mode, Plan, StoreKey, Task};
use super::{StoreError, migrate};
use crate::format::stored;

/// Object stores in memory. What a transaction wrote is there when it ends well, else nothing.
#[derive(Default)]
pub struct Memory {
    kept: RefCell<Kept>,
    /// Counts down with each request; the one that finds zero fails.
    fails_in: Cell<Option<(u32, Failure)>>,
}

/// What a request fails with.
type Failure = fn() -> StoreError;

type Kept = BTreeMap<(&'static str, StoreKey), Json>;

impl Memory {
    /// What a database of an older version held, brought to this one.
    ///
    /// # Errors
    /// A commit cannot be read.
    pub fn of_version(
        version: u32,
        entries: impl IntoIterator<Item = (&'static str, StoreKey, Json)>,
    ) -> Result<Memory, StoreError> {
        let memory = Memory::default();
        let mut kept = memory.kept.borrow_mut();
        kept.extend(entries.into_iter().map(|(store, key, value)| ((store, key), value)));
        if version < stored::TOUCHES_SINCE {
            let commits = kept.iter().filter(|((store, _), _)| *store == stored::COMMITS);
            let rows = commits.map(|((_, key), commit)| migrate::touches(key, commit.into()));
            for row in rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
                write(&mut kept, row);
            }
        }
        drop(kept);
        Ok(memory)
    }

    /// Lets the request after so many others fail, once.
    pub fn fail_after(&self, requests: u32, failure: Failure) {
        self.fails_in.set(Some((requests, failure)));
    }

    /// Lets no request fail any more; whether one was still to fail.
    pub fn fail_no_more(&self) -> bool {
        self.fails_in.take().is_some()
    }

    /// All that is kept in an object store.
    pub fn entries(&self, store: &str) -> Vec<(StoreKey, Json)> {
        let kept = self.kept.borrow();
        let own = kept.iter().filter(|((name, _), _)| *name == store);
        own.map(|((_, key), value)| (key.clone(), value.clone())).collect()
    }

    fn run_now(&self, plan: &Plan) -> Result<Answers, StoreError> {
        let mut kept = self.kept.borrow().clone();
        let mut answers = Answers::new();
        self.ask(&mut kept, plan, plan.first.to_vec(), &mut answers)?;
        if let Some(then) = plan.then {
            let asks = then(&answers)?;
            self.ask(&mut kept, plan, asks, &mut answers)?;
        }
        self.maybe_fail()?;
        *self.kept.borrow_mut() = kept;
        Ok(answers)
    }

    fn ask(
        &self,
        kept: &mut Kept,
        plan: &Plan,
        asks: Vec<Ask>,
        answers: &mut Answers,
    ) -> Result<(), StoreError> {
        for ask in asks {
            self.maybe_fail()?;
            let store = ask.store();
            if !plan.stores.contains(&store) {
                return Err(StoreError::Other(format!("{store} is not in the transaction")));
            }
            match read(kept, &ask) {
                Some(answer) => answers.push(answer.into_iter().map(Answer::Json).collect()),
                None if plan.mode == Mode::Read => {
                    return Err(StoreError::Other("a reading transaction writes".to_owned()));
                }
                None => write(kept, ask),
            }
        }
        Ok(())
    }

    fn maybe_fail(&self) -> Result<(), StoreError> {
        match self.fails_in.get() {
            Some((0, failure)) => {
                self.fails_in.set(None);
                Err(failure())
            }
            Some((left, failure)) => {
                self.fails_in.set(Some((left - 1, failure)));
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// What a request reads; none if it writes.
fn read(kept: &Kept, ask: &Ask) -> Option<Vec<Json>> {
    let all = |store: &'static str, is_meant: &dyn Fn(&StoreKey) -> bool| {
        let meant = kept.iter().filter(|((name, key), _)| *name == store && is_meant(key));
        meant.map(|(_, value)| value.clone()).collect()
    };
    Some(match ask {
        Ask::Get(store, key) => kept.get(&(*store, key.clone())).cloned().into_iter().collect(),
        Ask::All(store) => all(store, &|_| true),
        Ask::Below(store, above) => all(store, &|key| key.is_below(above)),
        Ask::Between(store, start, end) => all(store, &|key| start <= key && key < end),
        Ask::Put(..) | Ask::Delete(..) | Ask::DeleteBelow(..) => return None,
    })
}

fn write(kept: &mut Kept, ask: Ask) {
    match ask {
        Ask::Put(store, key, value) => drop(kept.insert((store, key), value)),
        Ask::Delete(store, key) => drop(kept.remove(&(store, key))),
        Ask::DeleteBelow(store, above) => {
            kept.retain(|(name, key), _| *name != store || !key.is_below(&above));
        }
        Ask::Get(..) | Ask::All(_) | Ask::Below(..) | Ask::Between(..) => {}
    }
}

impl Engine for Memory {
    fn run<'a>(&'a self, plan: &'a Plan<'a>) -> Task<'a, Result<Answers, StoreError>> {
        Box::pin(async move { self.run_now(plan) })
    }
}
