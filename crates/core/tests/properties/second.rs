//! The engine against the second resolver, which another hand wrote from the rules alone.

use optout_core::policy::resolve;
use proptest::prelude::*;

use super::cases;
use super::documents::{path, tag_path};
use super::resolvers::{agree, agree_in_every_order};

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn both_resolvers_agree_on_opt_out_policies(path in path()) {
        agree(resolve, "AISERVICES_OPT_OUT_POLICY", &path).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn both_resolvers_agree_on_tag_policies(path in tag_path()) {
        agree(resolve, "TAG_POLICY", &path).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn opt_out_policies_are_decided_exactly_where_every_order_agrees(path in path()) {
        agree_in_every_order(resolve, "AISERVICES_OPT_OUT_POLICY", &path).map_err(TestCaseError::fail)?;
    }
}
