//! `docs/audit.md`: every item, requirement and correction. Made from the data only, so that a test can tell when it is
//! stale.

use crate::source::markdown::{escaped, prose};
use std::fmt::Write as _;

use super::{AttestMode, Checklists, Citation, Correction, Item, Reference};
use crate::audit::Profile;

const HEAD: &str = "<!-- Made from data/checklists by the tests of optout-core; change those files, not this one. -->\n\n\
# Audit\n\n\
`optout audit` answers checklists item by item: `met` or `not-met` by what was read, `attested` or\n\
`attestation-expired` by what somebody vouches for in `optout.toml`, or `not-assessed`, with the reason. Exit code 2 where\n\
an item is not met or its attestation is over, 3 where one could not be assessed, else 0.\n\n\
An item *supports* requirements of frameworks: it is evidence towards them. It never says that anybody complies, and none\n\
of this is legal advice. The wording of the requirements is ours; read the publisher's own.\n";

const ATTESTING: &str = "\n## Vouching for an item\n\n\
What no program can see somebody states in `optout.toml`:\n\n\
```toml\n[[attestations]]\nitem = \"quarterly-review\"\nby = \"Dana Example, privacy officer\"\non = 2026-10-05\n\
evidence = \"https://wiki.example.com/ai-review-2026-q3\"\nuntil = 2027-01-05\n```\n\n\
An attestation counts from its day to its end, both included (UTC). For items that are looked at as well, it counts either\n\
*instead*, where the evidence could not be had, or *also*, beside it; a known failure it never outweighs.\n";

const SEEN: &str = "\n## What is looked at\n\n\
- **Controls** are those of `optout verify`: [docs/controls](controls/README.md).\n\
- **verification** is what `optout verify` decides of the same reading; **effective-policies** are AWS's own answers: verdicts\n\
  that were only computed do not count.\n\
- **region-controls** are service control policies that deny other Regions. They are read where an item asks for them, with\n\
  `ListPolicies`, `DescribePolicy` and `ListTargetsForPolicy` for that type of policy, and saved by `optout snapshot --with\n\
  service-control-policies`. What could not be read is not assessed, never met.\n\
- **hipaa-eligible-services** joins the AI services in use with AWS's list, as [docs/services.md](services.md) has it. What\n\
  is in use is not known from AWS Organizations; without it the item names the services that would matter.\n\
- **workstations** and **websites** are files that `optout workstation check --format json` and `optout website check\n\
  --format json` wrote, given with `--workstation` and `--website`. They speak of the machines and sites in them, on their\n\
  day, and of nothing after 90 days.\n\
- **opt-out-date** is since when every account is opted out, by recorded runs.\n\
- **monitor-state** is the `state.gz` that [the monitor](monitor.md) keeps in its bucket, given with `--monitor`: its last full\n\
  reading, at most 168 hours before the audit. Older ones, or none, are not met; without the file it is open.\n\
- **usage-review** is what [`optout usage --save`](usage.md) wrote, given with `--usage`: read to its end, at most 92 days before the\n\
  audit. An older one is not met; without it, or where it was not read to its end, it is open.\n";

/// The page.
pub(super) fn markdown(lists: &Checklists) -> String {
    let mut page = HEAD.to_owned();
    page.push_str(SEEN);
    page.push_str(ATTESTING);
    profiles(&mut page);
    Profile::WORDS.iter().for_each(|(_, profile)| items_of(lists, *profile, &mut page));
    item_by_item(lists, &mut page);
    requirements(lists, &mut page);
    page
}

fn profiles(page: &mut String) {
    page.push_str("\n## Profiles\n\n| profile | items |\n| --- | --- |\n");
    for (word, profile) in Profile::WORDS {
        let included: Vec<&str> = profile.included().iter().map(|it| it.as_str()).collect();
        let _ = writeln!(page, "| `{word}` | those of {} |", included.join(" and "));
    }
    page.push_str("| `all` | every item |\n");
}

fn items_of(lists: &Checklists, profile: Profile, page: &mut String) {
    let _ =
        writeln!(page, "\n## Items: {profile}\n\n| item | asks | decided by | supports |\n| --- | --- | --- | --- |");
    for item in lists.items.iter().filter(|item| item.profiles.contains(&profile)) {
        let supports: Vec<String> = item.supports.iter().filter_map(|id| lists.reference(id)).map(short).collect();
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            item.id,
            prose(&item.title),
            decided_by(item),
            supports.join("<br>")
        );
    }
}

fn short(reference: &Reference) -> String {
    format!("[{} {}](#{})", escaped(&reference.framework), escaped(&reference.section), reference.id)
}

fn decided_by(item: &Item) -> String {
    let controls = item.controls.iter().map(|id| format!("[`{id}`](controls/{id}.md)"));
    let observations = item.observations.iter().map(|observation| format!("{observation}"));
    let mut parts: Vec<String> = controls.chain(observations).collect();
    parts.extend(item.attest.as_ref().map(|attest| match attest.mode {
        AttestMode::Alone => "an attestation".to_owned(),
        AttestMode::Instead => "*instead* an attestation".to_owned(),
        AttestMode::Also => "*also* an attestation".to_owned(),
    }));
    parts.join("<br>")
}

fn item_by_item(lists: &Checklists, page: &mut String) {
    page.push_str(
        "\n## Item by item\n\nThese lists follow a public guide to opting out. Where it does not hold, what does is said \
         here.\n",
    );
    lists.items.iter().for_each(|item| background(item, page));
}

fn background(item: &Item, page: &mut String) {
    if item.shows.is_none() && item.attest.is_none() && item.corrections.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n### `{}`\n", item.id);
    let shows = item.shows.iter().map(|shows| format!("- **Shows.** {}\n", prose(shows)));
    let attest = item.attest.iter().map(|it| format!("- **To attest.** {}\n", prose(&it.statement)));
    page.extend(shows.chain(attest));
    item.corrections.iter().for_each(|correction| correct(correction, page));
}

fn correct(correction: &Correction, page: &mut String) {
    let Correction { claim, holds, citation } = correction;
    let _ =
        writeln!(page, "- **The guide:** *{}.* **What holds:** {}. {}", prose(claim), prose(holds), cited(citation));
}

fn cited(citation: &Citation) -> String {
    let copy = citation.copy.as_ref().map(|copy| format!(" ([copy](<{copy}>))")).unwrap_or_default();
    format!("[source](<{}>){copy}, read {}", citation.source, citation.read)
}

fn requirements(lists: &Checklists, page: &mut String) {
    page.push_str(
        "\n## Requirements\n\nEach was read in a stored public copy of the publisher's text; the link is the publisher's \
         own.\n\n| requirement | what it asks | where |\n| --- | --- | --- |\n",
    );
    for reference in lists.references() {
        let Reference { id, framework, section, asks, citation } = reference;
        let _ = writeln!(
            page,
            "| <a id=\"{id}\"></a>{} {} | {} | {} |",
            escaped(framework),
            escaped(section),
            prose(asks),
            cited(citation)
        );
    }
}
