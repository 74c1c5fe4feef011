//! Findings in the types of the SDK. Only what an import may set and change is set: no workflow, note, verification or
//! fields of users, and severity and types only as the provider's.

use aws_sdk_securityhub::types::{
    AwsSecurityFinding, Compliance, ComplianceStatus, FindingProviderFields, FindingProviderSeverity, Partition,
    Recommendation, RecordState, Remediation, Resource, ResourceDetails, SeverityLabel,
};
use optout_core::publish::{AsffFinding, AsffResource};

/// The finding for the SDK.
pub(super) fn of(form: &AsffFinding) -> AwsSecurityFinding {
    let recommendation = &form.remediation.recommendation;
    let recommendation =
        Recommendation::builder().text(&recommendation.text).set_url(recommendation.url.clone()).build();
    let fields = form.product_fields.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
    AwsSecurityFinding::builder()
        .schema_version(form.schema_version)
        .id(&form.id)
        .product_arn(&form.product_arn)
        .product_name(form.product_name)
        .generator_id(&form.generator_id)
        .aws_account_id(&form.aws_account_id)
        .created_at(&form.created_at)
        .updated_at(&form.updated_at)
        .title(&form.title)
        .description(&form.description)
        .remediation(Remediation::builder().recommendation(recommendation).build())
        .set_product_fields(Some(fields.collect()))
        .set_resources(Some(form.resources.iter().map(resource).collect()))
        .compliance(Compliance::builder().status(ComplianceStatus::from(form.compliance.status)).build())
        .record_state(RecordState::from(form.record_state))
        .finding_provider_fields(provider(form))
        .build()
}

fn provider(form: &AsffFinding) -> FindingProviderFields {
    let fields = &form.finding_provider_fields;
    let severity = FindingProviderSeverity::builder()
        .label(SeverityLabel::from(fields.severity.label))
        .original(fields.severity.original)
        .build();
    let types = fields.types.iter().map(|name| (*name).to_owned()).collect();
    FindingProviderFields::builder().severity(severity).set_types(Some(types)).build()
}

fn resource(form: &AsffResource) -> Resource {
    let details = form.details.as_ref().map(|details| {
        let other = details.other.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
        ResourceDetails::builder().set_other(Some(other.collect())).build()
    });
    Resource::builder()
        .r#type(form.r#type)
        .id(&form.id)
        .set_partition(form.partition.map(Partition::from))
        .set_details(details)
        .build()
}

/// How many bytes a finding takes.
pub(super) fn size(form: &AsffFinding) -> usize {
    // INVARIANT: every map key is a string, which is all that could make this fail.
    serde_json::to_string(form).map_or(0, |text| text.len())
}
