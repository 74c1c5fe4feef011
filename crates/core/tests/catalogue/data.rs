//! `data/services.toml` itself.

use std::collections::BTreeSet;

use jiff::civil::date;
use optout_core::catalogue::{
    Catalogue, Eligibility, Origin, Pairing, Service, ServiceIndex, ServiceKey, Severity, Standing, Use,
};

use crate::printed;

#[test]
fn it_has_default_and_the_38_keys_in_the_order_of_the_page() {
    let catalogue = Catalogue::embedded();
    let keys: Vec<&str> = catalogue.services().iter().map(|service| service.key.as_str()).collect();
    assert_eq!(keys, printed());
    assert_eq!((keys.len(), catalogue.len()), (38, 39));
    assert_eq!(catalogue.default_entry().key.as_str(), "default");
}

#[test]
fn keys_and_ids_are_unique() {
    let catalogue = Catalogue::embedded();
    let keys: BTreeSet<&str> = catalogue.entries().map(|(_, service)| service.key.as_str()).collect();
    let ids: BTreeSet<&str> = catalogue.not_covered().iter().map(|service| service.id.as_str()).collect();
    assert_eq!((keys.len(), ids.len()), (catalogue.len(), catalogue.not_covered().len()));
    assert!(keys.is_disjoint(&ids));
}

#[test]
fn every_entry_has_a_source_and_a_date_not_after_the_last_reading() {
    let catalogue = Catalogue::embedded();
    let last = date(2026, 11, 24);
    for (_, service) in catalogue.entries() {
        let Origin::Listed(reference) = &service.origin else { panic!("{} has no source", service.key) };
        let others = service.statement.iter().map(|statement| &statement.reference);
        let others = others.chain(service.impacts.iter().map(|impact| &impact.reference));
        let others = others.chain(service.notes.iter().map(|note| &note.reference));
        let others = others.chain(service.first_seen.iter().map(|first| &first.reference));
        for reference in others.chain(service.terms.iter().map(|terms| &terms.reference)).chain([reference]) {
            assert!(
                reference.source.starts_with("https://") && reference.read <= last,
                "{}: {reference:?}",
                service.key
            );
        }
        assert!(service.first_seen.is_some() && service.pairing != Pairing::Unknown, "{}", service.key);
    }
    assert!(catalogue.not_covered().iter().all(|service| service.reference.read <= last));
    assert_eq!((catalogue.date(), catalogue.content_until()), (date(2026, 11, 23), Some(date(2026, 9, 15))));
    assert_eq!(catalogue.sources().len(), 2);
}

#[test]
fn every_service_says_whether_the_list_of_hipaa_eligible_services_has_it() {
    let catalogue = Catalogue::embedded();
    let list = catalogue.hipaa_list().unwrap();
    assert_eq!(list.as_of, date(2026, 5, 22));
    assert!(list.reference.source.starts_with("https://") && list.reference.read >= list.as_of);
    let keys = catalogue.services().iter().map(|service| (service.key.as_str(), service.hipaa.as_ref()));
    let others = catalogue.not_covered().iter().map(|service| (service.id.as_str(), service.hipaa.as_ref()));
    for (name, said) in keys.chain(others) {
        let said = said.unwrap_or_else(|| panic!("{name} was not looked up"));
        assert_eq!(said.listed_as.is_some(), said.eligibility == Eligibility::Listed, "{name}");
        assert!(said.eligibility != Eligibility::Unclear || said.note.is_some(), "{name}: unclear, and not why");
    }
    let eligibility = |key: &str| get(key).hipaa.as_ref().map(|said| said.eligibility);
    assert_eq!(eligibility("transcribe"), Some(Eligibility::Listed));
    assert_eq!(eligibility("q"), Some(Eligibility::NotListed));
    assert_eq!(get("default").hipaa, None);
}

fn get(key: &str) -> &'static Service {
    Catalogue::embedded().get(key).unwrap()
}

#[test]
fn section_50_3_is_named_for_its_ten_services_and_no_other() {
    let named: Vec<&str> = Catalogue::embedded()
        .services()
        .iter()
        .filter(|service| service.terms.as_ref().is_some_and(|terms| terms.section == "50.3"))
        .map(|service| service.key.as_str())
        .collect();
    let expected = [
        "codeguruprofiler",
        "comprehend",
        "finopsagent",
        "lex",
        "polly",
        "rekognition",
        "textract",
        "transcribe",
        "transform",
        "translate",
    ];
    assert_eq!(named, expected);
    assert!(Catalogue::embedded().services().iter().all(|service| {
        service.terms.is_none() || service.statement.as_ref().is_some_and(|statement| statement.uses == Use::MayUse)
    }));
}

#[test]
fn the_dangers_of_opting_out_are_told() {
    let transcribe = get("transcribe");
    assert!(transcribe.impacts.iter().any(|impact| impact.irreversible && !impact.commands.is_empty()));
    assert!(transcribe.impacts.iter().any(|impact| impact.text.contains("OutputBucketName")));
    assert!(
        transcribe
            .impacts
            .iter()
            .all(|impact| impact.standing == Standing::Earlier && impact.severity == Severity::High)
    );
    assert!(get("chimesdkvoiceanalytics").has_irreversible_impact());
    assert!(
        get("lex").impacts.iter().any(|impact| !impact.irreversible && impact.text.contains("utterance statistics"))
    );
    assert!(get("textract").impacts.iter().any(|impact| impact.text.contains("keeps no copy of the output")));
    let general: Vec<&str> = Catalogue::embedded().impacts("polly").map(|impact| impact.text.as_str()).collect();
    assert_eq!(general.len(), get("default").impacts.len());
    assert!(Catalogue::embedded().impacts("lex").count() > general.len());
    assert_eq!(Catalogue::embedded().impacts("default").count(), general.len());
    assert!(get("default").has_irreversible_impact());
}

#[test]
fn what_the_policy_does_not_reach_is_listed_with_what_applies_instead() {
    let ids: Vec<&str> = Catalogue::embedded().not_covered().iter().map(|service| service.id.as_str()).collect();
    for id in [
        "kiro-free",
        "kiro-enterprise",
        "q-developer-free-ide",
        "q-developer-pro",
        "q-business",
        "bedrock",
        "sagemaker",
        "monitron",
        "comprehend-medical",
        "transcribe-medical",
        "healthscribe",
    ] {
        assert!(ids.contains(&id), "{id}");
    }
}

#[test]
fn entries_are_reached_by_number_and_by_key() {
    let catalogue = Catalogue::embedded();
    assert_eq!(catalogue.at(ServiceIndex::DEFAULT).unwrap().key.as_str(), ServiceKey::DEFAULT);
    for (at, (index, service)) in catalogue.entries().enumerate() {
        assert_eq!(index.get(), at);
        assert_eq!(catalogue.index(service.key.as_str()), Some(index));
        assert_eq!(catalogue.at(index), Some(service));
    }
    for unknown in ["Lex", "lex ", "", "*", "bedrock", "connecthealth"] {
        assert!(!catalogue.contains(unknown) && catalogue.get(unknown).is_none(), "{unknown}");
    }
    let larger = catalogue.with_allowed_keys(["futureservice"]).unwrap();
    assert_eq!(catalogue.at(larger.index("futureservice").unwrap()), None);
}

#[test]
fn allowed_keys_are_known_without_disturbing_the_others() {
    let catalogue = Catalogue::embedded();
    let larger =
        catalogue.with_allowed_keys(["futureservice", "lex", "default", "new::part", "futureservice"]).unwrap();
    assert_eq!(larger.len(), catalogue.len() + 2);
    assert_eq!(larger.get("futureservice").unwrap().origin, Origin::Allowed);
    assert_eq!(larger.index("futureservice").unwrap().get(), 39);
    assert_eq!(larger.get("lex"), catalogue.get("lex"));
    assert!(larger.markdown().contains("`new::part`"));
    let error = catalogue.with_allowed_keys(["fine", "opt_out_policy"]).unwrap_err();
    assert_eq!(error.to_string(), "`opt_out_policy` cannot be a service key");
}

#[test]
fn its_age_is_counted_in_days() {
    let catalogue = Catalogue::embedded();
    for (today, age) in
        [(date(2026, 11, 23), 0), (date(2026, 11, 24), 1), (date(2027, 2, 21), 90), (date(2026, 11, 1), -22)]
    {
        assert_eq!(catalogue.age_in_days(today), age, "{today}");
    }
}

#[test]
fn mistaken_keys_find_the_right_one() {
    let cases = [
        ("Lex", "lex"),
        ("lex ", "lex"),
        (" LEX\t", "lex"),
        ("Amazon Lex", "lex"),
        ("amazon-lex", "lex"),
        ("q developer", "q"),
        ("Amazon Q Developer", "q"),
        ("Q", "q"),
        ("Default", "default"),
        ("defualt", "default"),
        ("contact lens", "contactlens"),
        ("contact-lens", "contactlens"),
        ("quicksight", "quicksightq"),
        ("Quick", "quicksightq"),
        ("connecthealth", "connecthealth::operations"),
        ("connecthealth:training", "connecthealth::training"),
        ("rekognitoin", "rekognition"),
        ("recognition", "rekognition"),
        ("transcibe", "transcribe"),
        ("chime", "chimesdkvoiceanalytics"),
        ("codeguru", "codeguruprofiler"),
        ("supply chain", "awssupplychain"),
        ("devops agent", "aidevops"),
        ("guard_duty", "guardduty"),
        ("Security Hub", "securityhub"),
        ("database migration service", "dms"),
        ("lex", "lex"),
    ];
    for (word, key) in cases {
        assert_eq!(Catalogue::embedded().nearest(word), Some(key), "{word}");
    }
    for word in ["", " ", "*", "s3", "bedrock", "kiro", "sagemaker", "opt_out_policy", "x", "\u{1f980}"] {
        assert_eq!(Catalogue::embedded().nearest(word), None, "{word}");
    }
    assert_eq!(Catalogue::embedded().nearest(&"lex".repeat(1_000_000)), None);
}
