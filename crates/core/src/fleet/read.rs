//! The file of a fleet: text → [`Fleet`], the one place where its rules are checked.

use std::collections::BTreeMap;

use super::{Access, Fleet, Member, Reach, file_name};
use crate::source::{Fields, Found, LineIndex, Problem, Rejected, Source, Span, read_toml};

/// The most characters of a name: a title, not a story.
const NAME_LIMIT: usize = 128;
/// Source: botocore 1.44.5, sts model, `externalIdType` (2 to 1224 characters of `[\w+=,.@:\/-]`), read 2026-11-24.
const EXTERNAL_ID: std::ops::RangeInclusive<usize> = 2..=1_224;

impl Fleet {
    /// Reads the file of a fleet.
    ///
    /// # Errors
    /// Everything that is wrong with the text, each with line and column: no TOML, unknown keys (with the known one they
    /// resemble), wrong types, ARNs, regions and addresses that are none, ways that exclude each other, names and ways
    /// that are there twice, no organization at all.
    pub fn parse(source: &Source) -> Result<Self, Rejected> {
        let members = read_toml(source, |fields| {
            let tables = fields.tables("organizations");
            let none = tables.is_empty();
            let members: Vec<Member> = tables.into_iter().filter_map(member).collect();
            fields.finish();
            if none {
                fields.note(none_named(fields.span()));
            }
            twice(source, fields, &members);
            Some(members)
        })?;
        Ok(Self { source: source.clone(), members })
    }
}

fn none_named(span: Span) -> Problem {
    let help = "begin with `[[organizations]]`, then `name = \"…\"` and a `role-arn`, a `profile` or a `snapshot`";
    Problem::new("fleet-empty", "no organization is named here").at(span).help(help)
}

fn member(mut fields: Fields<'_>) -> Option<Member> {
    let span = fields.span();
    let name = fields.text("name").and_then(|found| limited(&fields, found));
    let snapshot = fields.optional_text("snapshot");
    let role_arn = fields.optional_text("role-arn");
    let external_id = fields.optional_text("external-id");
    let region = fields.optional_text("region");
    let profile = fields.optional_text("profile");
    let endpoint_url = fields.optional_text("endpoint-url");
    let intent = fields.optional_text("intent");
    fields.finish();
    check(&fields, role_arn, is_role, "fleet-role", "this is not the ARN of a role", ROLE_HELP);
    check(&fields, external_id, is_external_id, "fleet-external-id", "this cannot be an external id", EXTERNAL_ID_HELP);
    check(&fields, region, is_region, "fleet-region", "this is not the name of a region", "one like `eu-central-1`");
    check(
        &fields,
        endpoint_url,
        is_endpoint,
        "fleet-endpoint",
        "this is not the address of an endpoint",
        ENDPOINT_HELP,
    );
    if let (Some(external_id), None) = (external_id, role_arn) {
        let problem = Problem::new("fleet-external-id", "an external id is for a role, and there is none here");
        fields.note(problem.at(external_id.span).help("name the role with `role-arn`, or leave the external id out"));
    }
    if snapshot.is_some() {
        let live = [role_arn, external_id, region, profile, endpoint_url];
        live.into_iter().flatten().for_each(|found| fields.note(beside_saved(found.span)));
    }
    let owned = |found: Option<Found<&str>>| found.map(|found| found.value.to_owned());
    let reach = match snapshot {
        Some(path) => Reach::Saved(path.value.to_owned()),
        None => Reach::Live(Access {
            profile: owned(profile),
            role_arn: owned(role_arn),
            external_id: owned(external_id),
            region: owned(region),
            endpoint_url: owned(endpoint_url),
        }),
    };
    let name = name?.value.to_owned();
    let intent = intent.map(|found| found.with(found.value.to_owned()));
    Some(Member { span, file_name: file_name(&name), name, reach, intent })
}

const ROLE_HELP: &str = "one like `arn:aws:iam::111122223333:role/optout-read`";
const EXTERNAL_ID_HELP: &str = "2 to 1224 letters, digits and `_+=,.@:/-`";
const ENDPOINT_HELP: &str = "it begins with https:// or http:// and names a host";

fn beside_saved(span: Span) -> Problem {
    let message = "a saved organization needs no way to AWS";
    Problem::new("fleet-two-ways", message).at(span).help("leave this out, or leave `snapshot` out")
}

fn limited<'t>(fields: &Fields<'_>, found: Found<&'t str>) -> Option<Found<&'t str>> {
    let length = found.value.chars().count();
    if length > NAME_LIMIT {
        let message = format!("a name has at most {NAME_LIMIT} characters, this has {length}");
        fields.note(Problem::new("fleet-name", message).at(found.span).help("shorten it"));
        return None;
    }
    Some(found)
}

fn check(
    fields: &Fields<'_>,
    found: Option<Found<&str>>,
    is: fn(&str) -> bool,
    code: &'static str,
    message: &str,
    help: &str,
) {
    if let Some(found) = found.filter(|found| !is(found.value)) {
        fields.note(Problem::new(code, message).at(found.span).help(help));
    }
}

/// Form: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>, read 2026-11-24.
fn is_role(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else { return false };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let role = resource.strip_prefix("role/").unwrap_or_default();
    let is_partition = partition.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    partition.starts_with("aws")
        && is_partition
        && is_account
        && !role.is_empty()
        && text.len() <= 2_048
        && role.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_external_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
    EXTERNAL_ID.contains(&text.len()) && text.bytes().all(allowed)
}

fn is_region(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (4..=32).contains(&text.len()) && text.bytes().all(allowed)
}

fn is_endpoint(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    // Who the caller is does not belong into a file; `@` would hide the host behind it.
    !host.is_empty() && !host.starts_with(['/', ':']) && host.bytes().all(|it| it.is_ascii_graphic() && it != b'@')
}

/// What is there twice: a name, a file named after it, a way to an organization.
fn twice(source: &Source, fields: &Fields<'_>, members: &[Member]) {
    let index = LineIndex::new(&source.text);
    let line = |member: &Member| index.position(&source.text, member.span.start).line;
    let mut names: BTreeMap<String, &Member> = BTreeMap::new();
    let mut files: BTreeMap<&str, &Member> = BTreeMap::new();
    let mut ways: BTreeMap<Way<'_>, &Member> = BTreeMap::new();
    for member in members {
        if let Some(first) = names.insert(member.name.trim().to_lowercase(), member) {
            let message = format!("`{}` is named twice: also in line {}", member.name, line(first));
            fields.note(Problem::new("fleet-twice", message).at(member.span).help("give each its own name"));
        } else if let Some(first) = files.insert(&member.file_name, member) {
            let message = format!("files about it would be named as those about the one in line {}", line(first));
            fields.note(Problem::new("fleet-twice", message).at(member.span).help("choose another name"));
        }
        if let Some(first) = ways.insert(way(member), member) {
            let message = format!("this leads to the same organization as the entry in line {}", line(first));
            let help = "leave one of them out; each organization is read and counted once";
            fields.note(Problem::new("fleet-same-way", message).at(member.span).help(help));
        }
    }
}

type Way<'m> = (Option<&'m str>, Option<&'m str>, Option<&'m str>, Option<&'m str>, Option<&'m str>);

/// What decides which organization is reached. A role is of one account, whoever assumes it; without one the region
/// decides together with the credentials, since partitions have their own.
fn way(member: &Member) -> Way<'_> {
    match &member.reach {
        Reach::Saved(path) => (Some(path), None, None, None, None),
        Reach::Live(access) => {
            let endpoint = access.endpoint_url.as_deref();
            match access.role_arn.as_deref() {
                Some(role) => (None, Some(role), None, None, endpoint),
                None => (None, None, access.profile.as_deref(), access.region.as_deref(), endpoint),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Fleet, String> {
        Fleet::parse(&Source::new("fleet.toml", text)).map_err(|rejected| rejected.to_string())
    }

    fn problems(text: &str) -> Vec<String> {
        read(text).unwrap_err().lines().map(str::to_owned).collect()
    }

    #[test]
    fn every_key_is_read() {
        let fleet = read(include_str!("../../tests/data/fleet/whole.toml")).unwrap();
        let names: Vec<&str> = fleet.members.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["acme", "Beta (EU)", "gamma", "delta"]);
        let Reach::Live(access) = &fleet.members[0].reach else { panic!() };
        assert_eq!(access.role_arn.as_deref(), Some("arn:aws:iam::111111111111:role/audit/optout-read"));
        assert_eq!(access.external_id.as_deref(), Some("3f1c-acme"));
        assert_eq!(fleet.members[0].intent.as_ref().unwrap().value, "acme/optout.toml");
        assert_eq!(fleet.members[2].reach, Reach::Saved("saved/gamma.json".to_owned()));
        assert_eq!(fleet.members[3].reach, Reach::Live(Access::default()));
    }

    #[test]
    fn nothing_and_nobody_are_refused_with_what_to_write() {
        for text in ["", "organizations = []\n"] {
            assert!(problems(text)[0].contains("no organization is named here (begin with"), "{text}");
        }
        assert_eq!(problems("[[organizations]]\n"), ["fleet.toml:1:1: the key `name` is missing here"]);
    }

    #[test]
    fn a_misspelt_key_is_named_with_the_one_it_resembles() {
        let text = "[[organizations]]\nname = 'a'\nrole_arn = 'x'\n[[organisations]]\n";
        let found = problems(text);
        assert!(found[0].starts_with("fleet.toml:3:1: unknown key `role_arn` (did you mean `role-arn`?)"), "{found:?}");
        assert!(found[1].contains("unknown key `organisations` (did you mean `organizations`?)"), "{found:?}");
    }

    #[test]
    fn what_has_another_form_is_refused_where_it_stands() {
        for (line, why) in [
            ("role-arn = 'arn:aws:iam::1:role/x'", "3:12: this is not the ARN of a role"),
            ("role-arn = 'arn:aws:iam::111111111111:user/x'", "3:12: this is not the ARN of a role"),
            ("role-arn = 'arn:aws:iam::111111111111:role/a b'", "3:12: this is not the ARN of a role"),
            ("region = 'eu central'", "3:10: this is not the name of a region"),
            ("endpoint-url = 'localhost:4566'", "3:16: this is not the address of an endpoint"),
            ("endpoint-url = 'https://me:secret@host'", "3:16: this is not the address of an endpoint"),
            ("external-id = 'abc'", "3:15: an external id is for a role, and there is none here"),
            ("name = 'b'", "3:1: this is not TOML: duplicate key"),
            ("snapshot = 1", "3:12: expected a text in quotes, found a whole number"),
            ("snapshot = ''", "3:12: this text is blank"),
            ("intent = \"a\\u202eb\"", "3:10: this text holds a line break or an invisible control character"),
        ] {
            let found = problems(&format!("[[organizations]]\nname = 'a'\n{line}\n"));
            assert!(found[0].starts_with(&format!("fleet.toml:{why}")), "{line}: {found:?}");
            assert!(found.iter().all(|it| !it.contains("secret")), "{found:?}");
        }
        let long = problems(&format!("[[organizations]]\nname = '{}'\n", "a".repeat(129)));
        assert!(long[0].contains("at most 128 characters, this has 129"), "{long:?}");
        let role = "role-arn = 'arn:aws:iam::111111111111:role/x'\nexternal-id = 'a b'\n";
        let found = problems(&format!("[[organizations]]\nname = 'a'\n{role}"));
        assert!(found[0].starts_with("fleet.toml:4:15: this cannot be an external id"), "{found:?}");
    }

    #[test]
    fn a_saved_organization_with_a_way_to_aws_is_refused() {
        let found =
            problems("[[organizations]]\nname = 'a'\nsnapshot = 's.json'\nprofile = 'p'\nregion = 'eu-west-1'\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("fleet.toml:4:11: a saved organization needs no way to AWS"), "{found:?}");
    }

    #[test]
    fn names_and_ways_that_are_there_twice_are_refused() {
        let entry = |name: &str, rest: &str| format!("[[organizations]]\nname = '{name}'\n{rest}\n");
        let two = |first: &str, second: &str| problems(&(entry("a", first) + &entry("b", second)));
        let named = problems(&(entry("Acme", "profile = 'a'") + &entry("acme", "profile = 'b'")));
        assert!(named[0].starts_with("fleet.toml:4:1: `acme` is named twice: also in line 1"), "{named:?}");
        let role = "role-arn = 'arn:aws:iam::111111111111:role/x'";
        for (first, second) in [
            ("", ""),
            ("profile = 'p'", "profile = 'p'"),
            ("snapshot = 's'", "snapshot = 's'"),
            (role, &*format!("{role}\nprofile = 'p'\nregion = 'eu-west-1'")),
        ] {
            let found = two(first, second);
            assert!(found[0].contains("this leads to the same organization as the entry in line 1"), "{found:?}");
        }
        for (first, second) in [("profile = 'p'", "profile = 'p'\nregion = 'us-gov-west-1'"), ("", "profile = 'p'")] {
            assert_eq!(read(&(entry("a", first) + &entry("b", second))).unwrap().members.len(), 2);
        }
    }
}
