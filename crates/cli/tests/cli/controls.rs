//! `optout controls`.

use crate::harness::Optout;

#[test]
fn a_control_is_explained() {
    insta::assert_snapshot!(Optout::new("controls explain root-covered").run(), @r#"
    exit 0
    --- stdout
    root-covered  severity medium
    The root opts out by `default`

    Why it matters
    New accounts start under the root or in any unit. Only a policy at the root covers every account that is to come.

    How to mend it
    Attach the opt-out policy to the root, not to single units or accounts.

    Sources
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html
    --- stderr
    "#);
}

#[test]
fn a_name_that_is_none_is_answered_with_the_nearest() {
    insta::assert_snapshot!(Optout::new("controls explain root-coverd").run(), @r#"
    exit 64
    --- stdout

    --- stderr
    error: no control is called `root-coverd`
      help: did you mean `root-covered`?
    "#);
}

#[test]
fn the_list_has_every_control() {
    let ran = Optout::new("controls --format json").run();
    let listed = ran.json()["controls"].as_array().unwrap().len();
    assert_eq!(listed, optout_core::check::controls::ALL.len());
}
