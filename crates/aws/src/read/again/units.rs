//! Units and accounts read again, with all that hangs on new ones.

use optout_core::org::{AccountId, Part as Name, TargetId, UnitId};

use super::{AgainError, Rereading};
use crate::read::account::account;
use crate::read::partial::{describe, name_of};
use crate::read::structure::{self, parent_of, units_below};

impl Rereading<'_, '_> {
    pub(super) async fn structure(&mut self) -> Result<(), AgainError> {
        if self.touched.structure {
            return self.whole_structure().await;
        }
        for target in self.touched.targets.clone() {
            self.touch_unknown(&target);
        }
        for unit in self.touched.units.clone() {
            self.unit(&unit).await?;
        }
        for id in self.touched.accounts.clone() {
            self.account(id).await?;
        }
        Ok(())
    }

    async fn whole_structure(&mut self) -> Result<(), AgainError> {
        let structure = structure::read(self.requests, self.options.emails).await;
        if let (false, Some(unread)) = (structure.is_complete(), structure.unread.first()) {
            return Err(AgainError::Unfit(format!("{} could not be read: {}", unread.operation, unread.detail)));
        }
        self.now.unread.retain(|unread| !matches!(unread.part, Name::Root | Name::Units | Name::Accounts));
        (self.now.root, self.now.units, self.now.accounts) = (structure.root, structure.units, structure.accounts);
        let known = structure::targets(&self.now);
        self.now.attachments.iter_mut().for_each(|all| all.retain(|target, _| known.contains(target)));
        Ok(())
    }

    /// A target that nobody told of before is brought in first.
    fn touch_unknown(&mut self, target: &TargetId) {
        match target {
            TargetId::Root(_) => {}
            TargetId::Unit(unit) if self.now.units.iter().flatten().all(|known| known.id != *unit) => {
                self.touched.units.insert(unit.clone());
            }
            TargetId::Account(id) if self.now.accounts.iter().flatten().all(|known| known.id != *id) => {
                self.touched.accounts.insert(*id);
            }
            TargetId::Unit(_) | TargetId::Account(_) => {}
        }
    }

    async fn unit(&mut self, id: &UnitId) -> Result<(), AgainError> {
        self.forget(Name::Units, id.as_str());
        let Some(units) = &mut self.now.units else { return Ok(()) };
        match name_of(self.requests, id).await {
            Ok(name) => {
                if let Some(unit) = units.iter_mut().find(|unit| unit.id == *id) {
                    unit.name = name;
                    return Ok(());
                }
                self.all_units().await
            }
            Err(failure) if failure.is_absence() => {
                units.retain(|unit| unit.id != *id);
                let target = TargetId::Unit(id.clone());
                self.now.attachments.iter_mut().for_each(|all| drop(all.remove(&target)));
                let inside = self.now.accounts.iter().flatten().filter(|it| it.parent.as_ref() == Some(&target));
                self.touched.accounts.extend(inside.map(|account| account.id).collect::<Vec<_>>());
                Ok(())
            }
            Err(failure) => self.note(Name::Units, id.as_str(), &failure),
        }
    }

    /// Units that nobody told of may be several, one in another.
    async fn all_units(&mut self) -> Result<(), AgainError> {
        let Some(root) = self.now.root.as_ref().map(|root| root.id.clone()) else { return Ok(()) };
        let units = units_below(self.requests, &root).await;
        match (units.value, units.unread.first()) {
            (Some(units), None) => {
                self.now.units = Some(units);
                Ok(())
            }
            (_, unread) => {
                let why = unread.map(|unread| unread.detail.clone()).unwrap_or_default();
                Err(AgainError::Unfit(format!("units could not be listed: {why}")))
            }
        }
    }

    async fn account(&mut self, id: AccountId) -> Result<(), AgainError> {
        self.forget(Name::Accounts, &id.to_string());
        if self.now.accounts.is_none() {
            return Ok(());
        }
        let described = match describe(self.requests, id).await {
            Ok(described) => described,
            Err(failure) if failure.is_absence() => {
                self.remove_account(id);
                return Ok(());
            }
            Err(failure) => return self.note(Name::Accounts, &id.to_string(), &failure),
        };
        let Some(mut found) = account(&described, self.options.emails) else {
            return Err(AgainError::Unfit(format!("the answer about account {id} is about another one")));
        };
        if found.parent.is_none() {
            match parent_of(self.requests, &TargetId::Account(id)).await {
                Ok(parent) => found.parent = parent,
                Err(failure) => self.note(Name::Accounts, &id.to_string(), &failure)?,
            }
        }
        if let Some(TargetId::Unit(unit)) = &found.parent
            && self.now.units.as_ref().is_some_and(|units| units.iter().all(|known| known.id != *unit))
        {
            self.all_units().await?;
        }
        let accounts = self.now.accounts.get_or_insert_default();
        accounts.retain(|known| known.id != id);
        accounts.push(found);
        accounts.sort_by_key(|account| account.id);
        Ok(())
    }

    fn remove_account(&mut self, id: AccountId) {
        self.now.accounts.iter_mut().for_each(|all| all.retain(|account| account.id != id));
        self.now.attachments.iter_mut().for_each(|all| drop(all.remove(&TargetId::Account(id))));
        self.now.invalid.iter_mut().for_each(|all| drop(all.remove(&id)));
        self.now.delegates.iter_mut().for_each(|all| all.retain(|delegate| delegate.account != id));
        self.now.answers.remove(&id);
        self.touched.targets.remove(&TargetId::Account(id));
        self.touched.invalid.remove(&id);
    }
}
