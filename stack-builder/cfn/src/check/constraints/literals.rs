//! Whether a text or a number keeps its limits.

use super::{Walk, be, brief};
use crate::node::Source;
use crate::pattern;
use crate::shown::some;
use serde_json::Value as Json;

impl Walk<'_> {
    pub(super) fn text(&mut self, of: &Json, limits: &Json, text: &str, source: Source) {
        // What CloudFormation reads while it deploys is not known yet.
        if text.contains("{{resolve:") {
            return;
        }
        if of[0] == "e" && limits.get("eci").is_none() {
            let members = self.facts["e"][of[1].as_str().unwrap_or_default()].as_array();
            if let Some(members) = members.filter(|members| !members.iter().any(|member| member == text)) {
                let members = members.iter().filter_map(Json::as_str);
                self.report("not-allowed", format!("{} is none of {}", brief(text), some(members)), source);
            }
        }
        let length = text.chars().count() as u64;
        if let Some(least) = limits["nl"].as_u64().filter(|least| length < *least) {
            self.report(
                "too-short",
                format!("{text:?} has {}, at least {least} {} needed", characters(length), be(least)),
                source,
            );
        }
        if let Some(most) = limits["xl"].as_u64().filter(|most| length > *most) {
            self.report(
                "too-long",
                format!("{} has {}, {most} {} allowed", brief(text), characters(length), be(most)),
                source,
            );
        }
        if let Some(pattern) = limits["pat"].as_str().filter(|pattern| !pattern::matches(pattern, text)) {
            self.report("pattern", format!("{} does not match the pattern {pattern}", brief(text)), source);
        }
    }

    pub(super) fn number(&mut self, limits: &Json, number: f64, source: Source) {
        if let Some(least) = limits["mn"].as_f64().filter(|least| number < *least) {
            self.report("out-of-range", format!("{number} is less than {least}"), source);
        }
        if let Some(most) = limits["mx"].as_f64().filter(|most| number > *most) {
            self.report("out-of-range", format!("{number} is more than {most}"), source);
        }
        if let Some(bound) = limits["ex"].as_f64().filter(|bound| number >= *bound) {
            self.report("out-of-range", format!("{number} is not less than {bound}"), source);
        }
        let allowed = limits["v"].as_array();
        if let Some(allowed) = allowed.filter(|allowed| !allowed.iter().any(|v| v.as_f64() == Some(number))) {
            let allowed: Vec<_> = allowed.iter().map(Json::to_string).collect();
            self.report("not-allowed", format!("{number} is none of {}", allowed.join(", ")), source);
        }
        if let Some(step) = limits["mo"].as_f64().filter(|step| !is_multiple(number, *step)) {
            self.report("out-of-range", format!("{number} is no multiple of {step}"), source);
        }
    }
}

fn characters(count: u64) -> String {
    format!("{count} character{}", if count == 1 { "" } else { "s" })
}

/// Whether `number` is a whole number of steps, but for what binary fractions cannot say: 0.07 is seven times 0.01.
fn is_multiple(number: f64, step: f64) -> bool {
    let steps = number / step;
    (steps - steps.round()).abs() < 1e-6
}
