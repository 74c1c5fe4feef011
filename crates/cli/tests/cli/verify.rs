//! `optout verify` and `optout explain` on saved organizations.

use crate::harness::Optout;

fn acme(arguments: &str) -> Optout {
    Optout::new(arguments).acme()
}

#[test]
fn a_saved_organization_is_judged_and_the_answer_comes_first() {
    let ran = acme("verify --organization acme.json --evidence none --at 2026-11-24").run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.starts_with("OPTED-IN  AWS may use the content of "), "{}", ran.stdout);
    ran.assert_harmless();
}

#[test]
fn the_report_for_machines_has_its_form() {
    let ran = acme("verify --organization acme.json --evidence none --at 2026-11-24 --format json").run();
    let json = ran.json();
    assert_eq!((&json["format"], &json["organization"]["id"]), (&"optout.report/1".into(), &"o-acmeexample".into()));
    assert_eq!(json["accounts"].as_array().unwrap().len(), 14);
    ran.assert_harmless();
    let again = acme("verify --organization acme.json --evidence none --at 2026-11-24 --format json").run();
    assert_eq!(ran.stdout, again.stdout, "equal input, equal bytes");
}

#[test]
fn only_the_chosen_accounts_are_judged() {
    let run = |arguments: &str| acme(&format!("verify --organization acme.json --evidence none {arguments}")).run();
    assert_eq!(run("--ou ou-acme-europe00 --format json").json()["accounts"].as_array().unwrap().len(), 3);
    assert_eq!(run("--account 210000000001 --format json").json()["verdict"], "opted-out");
    assert_eq!(run("--account 999999999999").code, 1);
    assert_eq!(run("--ou ou-acme-missing0").code, 1);
}

#[test]
fn an_old_snapshot_decides_nothing_where_nothing_fails() {
    let run = |arguments: &str| {
        let arguments = format!(
            "verify --organization acme.json --evidence none --account 210000000001 --fail-on critical {arguments}"
        );
        acme(&arguments).run()
    };
    assert_eq!(run("--at 2026-11-24T07:00:00Z --max-age 36h").code, 0);
    let old = run("--at 2026-12-24 --max-age 36h");
    assert_eq!(old.code, 3, "{old}");
    assert!(old.stdout.contains("longer than --max-age allows"), "{old}");
}

#[test]
fn an_intent_of_another_organization_or_with_mistakes_is_refused() {
    let intent =
        |text: &str| acme("verify --organization acme.json --intent optout.toml").file("optout.toml", text).run();
    insta::assert_snapshot!(intent("organization = \"o-otherexample\"\n"), @r#"
    exit 1
    --- stdout

    --- stderr
    error: the intent is for the organization `o-otherexample`, but these credentials or this snapshot are of `o-acmeexample`
      help: use the credentials of the intended organization, or name it in the intent; nothing is ever done to another one
    "#);
    insta::assert_snapshot!(intent("organisation = \"o-acmeexample\"\n"), @r#"
    exit 1
    --- stdout

    --- stderr
    error: the key `organization` is missing here
     --> optout.toml:1:1
      |
    1 | organisation = "o-acmeexample"
      | ^
    error: unknown key `organisation`
     --> optout.toml:1:1
      |
    1 | organisation = "o-acmeexample"
      | ^^^^^^^^^^^^
      help: did you mean `organization`?
    "#);
}

#[test]
fn a_declared_exception_is_no_failure_and_is_named_in_the_report() {
    let intent = "organization = \"o-acmeexample\"\n\n[[exceptions]]\nservice = \"lex\"\ntarget = \"ou-acme-research\"\n\
                  reason = \"study\"\napprover = \"cto\"\nuntil = 2026-12-31\n";
    let verdict = |at: &str| {
        let arguments = format!(
            "verify --organization acme.json --evidence none --intent i.toml --account 220000000001 --format json --at {at}"
        );
        acme(&arguments).file("i.toml", intent).run().json()
    };
    let lex = |json: &serde_json::Value| json["accounts"][0]["services"]["lex"]["verdict"].clone();
    assert_eq!(lex(&verdict("2026-12-31")), "excepted");
    assert_eq!(lex(&verdict("2027-01-01")), "opted-in");
}

#[test]
fn accepted_findings_stay_visible_and_do_not_fail() {
    let baseline = "[[accepted]]\ncontrol = \"no-undeclared-opt-in\"\nsubject = \"220000000001\"\nreason = \"known\"\nuntil = 2026-12-31\n\
                    [[accepted]]\ncontrol = \"locked-against-children\"\nsubject = \"220000000001\"\nreason = \"known\"\nuntil = 2026-12-31\n";
    let run = |at: &str| {
        let arguments = format!(
            "verify --organization acme.json --evidence none --account 220000000001 --baseline b.toml --fail-on critical --at {at}"
        );
        acme(&arguments).file("b.toml", baseline).run()
    };
    let accepted = run("2026-12-31");
    assert!(accepted.code != 2 && accepted.stdout.contains("accepted: known (until 2026-12-31)"), "{accepted}");
    let over = run("2027-01-01");
    assert!(over.code == 2 && over.stderr.contains("is over"), "{over}");
}

#[test]
fn an_account_is_explained_by_id_or_by_name() {
    let run = |arguments: &str| acme(&format!("explain {arguments} --organization acme.json")).run();
    insta::assert_snapshot!(run("shop lex"), @r#"
    exit 0
    --- stdout
    OPTED-OUT  210000000001  shop  (ACTIVE)
    basis: computed from the attached policies; AWS was not asked

    From the root to the account
      r-acme               Root
        p-acmeoptout1  Opt out everything
      ou-acme-workload     Workloads
      ou-acme-producti     Production
        p-acmelocked1  Production lock
      210000000001         shop

    lex  opt-out (from `default`), verdict opted-out
      ou-acme-producti by p-acmelocked1: `services` allows children [@@none]
      no policy on the way sets it by name
      lock: full, no policy below can change it

    Who may change these policies
      the management account
      arn:aws:iam::550000000001:root: may attach, update, detach policies, not limited to this policy type
    --- stderr
    "#);
    assert_eq!(run("210000000001 lex").stdout, run("shop lex").stdout);
    assert_eq!((run("220000000001").code, run("nobody").code, run("shop lexx").code), (2, 1, 64));
    assert!(run("shop lexx").stderr.contains("did you mean `lex`?"));
    assert_eq!(run("old-crm").code, 0, "a suspended account fails nothing");
}

#[test]
fn the_demo_needs_no_aws_account() {
    let ran = Optout::new("demo").run();
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("OPTED-IN") && ran.stdout.contains("From the root to the account"), "{ran}");
    ran.assert_harmless();
}
