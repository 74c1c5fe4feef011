//! Only some accounts are read: with what lies on their way, and without the rest of the organization.

use optout_aws::pace::Operation;
use optout_core::org::{Tree, UnreadReason};
use optout_simulator::{Fields, Options};

use crate::organization::{ACCOUNTS, LAB, SALES, TESTS, account_id, organization};
use crate::reader::{Reader, Reading};

fn accounts(reading: &Reading) -> Vec<String> {
    reading.snapshot.accounts.iter().flatten().map(|account| account.id.to_string()).collect()
}

fn units(reading: &Reading) -> Vec<String> {
    reading.snapshot.units.iter().flatten().map(|unit| unit.name.clone()).collect()
}

#[tokio::test]
async fn one_account_is_read_with_the_units_above_it() {
    let mut reader = Reader::start().await;
    // In the deepest unit, three below the root.
    reader.options.only.accounts.insert(account_id(9));
    let reading = reader.read().await;
    assert_eq!(accounts(&reading), [account_id(9).to_string()]);
    assert_eq!(units(&reading), ["unit ou-exam-deepest1", "unit ou-exam-north001", "unit ou-exam-sales001"]);
    let counted = [
        (Operation::DescribeAccount, 1),
        (Operation::DescribeOrganizationalUnit, 3),
        (Operation::ListAccounts, 0),
        (Operation::ListOrganizationalUnitsForParent, 0),
        (Operation::ListParents, 0),
        (Operation::DescribeEffectivePolicy, 1),
    ];
    for (operation, count) in counted {
        assert_eq!(reading.count(operation), count, "{operation}");
    }
    let tree = Tree::new(&reading.snapshot).unwrap();
    let account = &reading.snapshot.accounts.as_ref().unwrap()[0];
    assert_eq!(tree.path(account).unwrap().len(), 5);
    let attached: Vec<_> = reading.snapshot.attachments.as_ref().unwrap().keys().map(ToString::to_string).collect();
    assert_eq!(attached, ["r-exam", SALES]);
}

#[tokio::test]
async fn what_was_not_to_be_read_is_not_asked_and_nothing_else_is_missing() {
    let mut reader = Reader::start().await;
    reader.options.only.accounts.insert(account_id(9));
    let reading = reader.read().await;
    let unread = &reading.snapshot.unread;
    assert!(unread.iter().all(|it| it.reason == UnreadReason::OutOfView && it.subject.is_none()), "{unread:?}");
    let parts: Vec<_> = unread.iter().map(|unread| unread.part.as_str()).collect();
    assert_eq!(parts, ["accounts", "units", "attachments"]);
}

#[tokio::test]
async fn without_paths_the_parents_are_asked_for() {
    let fields = Fields { paths: false, ..Fields::default() };
    let mut reader = Reader::of(&organization(), Options { fields, ..Options::default() }).await;
    reader.options.only.accounts.insert(account_id(9));
    let reading = reader.read().await;
    assert_eq!(units(&reading).len(), 3);
    assert_eq!(reading.count(Operation::ListParents), 4);
}

#[tokio::test]
async fn a_unit_is_read_with_all_below_it_and_the_units_above() {
    let mut reader = Reader::start().await;
    reader.options.only.units.insert(TESTS.parse().unwrap());
    reader.options.only.accounts.insert(account_id(6));
    let reading = reader.read().await;
    let below = |number: &usize| matches!(number % 6, 4 | 5) || *number == 6;
    let expected: Vec<_> = (1..=ACCOUNTS).filter(below).map(|number| account_id(number).to_string()).collect();
    assert_eq!(accounts(&reading), expected);
    assert_eq!(units(&reading), [format!("unit {LAB}"), format!("unit {TESTS}")]);
    assert_eq!(reading.count(Operation::ListAccountsForParent), 2);
    assert_eq!(reading.snapshot.answers.len(), 3, "the root's chain, that of Tests, and nothing else of the two");
}

#[tokio::test]
async fn an_account_that_is_not_there_is_named() {
    let mut reader = Reader::start().await;
    reader.options.only.accounts.insert(account_id(777));
    let reading = reader.read().await;
    assert!(reading.missing().contains(&"accounts DescribeAccount failed 000000000777".to_owned()));
    assert_eq!(accounts(&reading).len(), 0);
}
