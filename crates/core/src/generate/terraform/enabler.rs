//! A function that enables the policy type during an apply: Terraform itself enables types only by owning the organization.
//!
//! The function gets what a custom resource of CloudFormation gets, without an address to answer to, so one function serves both:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html>. It is called when the resource is created:
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_invocation> (`lifecycle_scope`); read 2026-11-24.

use std::fmt;
use std::str::FromStr;

use super::super::POLICY_TYPE;
use super::super::hcl::{Expression, Item};

/// The organization as it is before the function was called: gives the root.
const BEFORE: &str = "data.aws_organizations_organization.before";
/// The call.
const CALL: &str = "aws_lambda_invocation.enable_policy_type";

/// The name or the ARN of a Lambda function, where it has one with its version or alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enabler(String);

/// A text that is neither the name nor the ARN of a function.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither the name nor the ARN of a Lambda function")]
pub struct EnablerError(String);

impl FromStr for Enabler {
    type Err = EnablerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = |part: &&str| {
            (1..=64).contains(&part.len())
                && part.chars().all(|it| it.is_ascii_alphanumeric() || it == '-' || it == '_')
        };
        let digits = |part: &str| part.len() == 12 && part.chars().all(|it| it.is_ascii_digit());
        let parts: Vec<&str> = text.split(':').collect();
        let is_one = match parts.as_slice() {
            [name] => word(name),
            ["arn", partition, "lambda", region, account, "function", rest @ ..] => {
                let named = matches!(rest, [_] | [_, _]) && rest.iter().all(word);
                named && word(partition) && word(region) && digits(account)
            }
            _ => false,
        };
        if is_one { Ok(Self(text.to_owned())) } else { Err(EnablerError(text.chars().take(80).collect())) }
    }
}

impl fmt::Display for Enabler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What is looked at before the call, with `checked` there, and the call.
pub(super) fn items(function: &Enabler, checked: Item) -> Vec<Item> {
    let request = format!(
        "jsonencode({{ RequestType = \"Create\", ResourceType = \"Custom::AiOptOutPolicyType\", LogicalResourceId = \"EnablePolicyType\", \
         ResourceProperties = {{ RootId = {BEFORE}.roots[0].id, PolicyType = \"{POLICY_TYPE}\" }} }})"
    );
    let call = vec![Item::text("function_name", function.to_string()), Item::code("input", request)];
    vec![
        Item::block("data", &["aws_organizations_organization", "before"], vec![checked]),
        Item::Empty,
        Item::Comment("Called once, when it is created: it enables the policy type, waits until it is on, and changes nothing else.".to_owned()),
        Item::block("resource", &["aws_lambda_invocation", "enable_policy_type"], call),
        Item::Empty,
    ]
}

/// What waits for the call reads the organization after it.
pub(super) fn after_the_call() -> Vec<Item> {
    vec![Item::Attribute("depends_on", Expression::List(vec![Expression::code(CALL)])), Item::Empty]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_arns_are_taken_and_nothing_else() {
        let arn = "arn:aws:lambda:us-east-1:111111111111:function:optout";
        for text in ["optout", "opt_out-2", arn, &format!("{arn}:live"), &arn.replace("aws:l", "aws-us-gov:l")] {
            assert_eq!(text.parse::<Enabler>().map(|it| it.to_string()), Ok(text.to_owned()));
        }
        let long = "f".repeat(65);
        let others = ["", "a b", "${x}", "a\"", "a:b", &format!("{arn}:a:b"), &arn.replace("function", "layer"), &long];
        for text in others {
            assert!(text.parse::<Enabler>().is_err(), "{text}");
        }
    }
}
