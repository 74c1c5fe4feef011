//! The data file, the page made from it, and the reading of AWS's syntax page, from outside the crate.

#[cfg(test)]
mod data;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod page;
#[cfg(test)]
mod rows;

/// The keys in the order in which AWS's syntax page prints them, `default` left out. Source:
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html>, read 2026-11-23.
pub(crate) const PRINTED: &str = "aiops aidevops awssupplychain biodiscovery chimesdkvoiceanalytics cloudwatch \
    codeguruprofiler codewhisperer comprehend config connect connectamd connectoptimization contactlens connectdecision \
    connecthealth::operations connecthealth::training connecttalent datazone dms entityresolution finopsagent \
    frauddetector glue guardduty lex polly q quicksightq rekognition scenariodiscovery securitylake textract transcribe \
    transform translate workspaces securityhub";

pub(crate) fn printed() -> Vec<&'static str> {
    PRINTED.split_whitespace().collect()
}
