//! What the templates ask of Cognito that is not done here.

use crate::definition::{CLIENT, POOL};
use serde_json::Value;
use stack_builder_local_core::{Note, Resource, Resources};

/// Types that change nothing here, and what that means.
const IDLE: &[(&str, &str)] = &[
    ("AWS::Cognito::UserPoolIdentityProvider", "nobody signs in through this provider here"),
    ("AWS::Cognito::ManagedLoginBranding", "the sign-in pages have a look of their own here"),
    ("AWS::Cognito::UserPoolUICustomizationAttachment", "the sign-in pages have a look of their own here"),
    ("AWS::Cognito::UserPoolRiskConfigurationAttachment", "the risk of a sign-in is not judged here"),
    ("AWS::Cognito::LogDeliveryConfiguration", "no logs are delivered here"),
    ("AWS::Cognito::Terms", "no terms are shown on the sign-in pages here"),
];

pub(crate) fn all(resources: &Resources) -> Vec<Note> {
    let mut notes = Vec::new();
    for resource in resources.iter() {
        let mut add = |text: String| notes.push(Note { resource: resource.id.clone(), text });
        match resource.kind.as_str() {
            POOL => of_pool(resource, &mut add),
            CLIENT => of_client(resource, &mut add),
            kind => {
                let idle = IDLE.iter().filter(|(idle, _)| *idle == kind);
                idle.for_each(|(_, text)| add((*text).to_owned()));
            }
        }
    }
    notes
}

fn of_pool(pool: &Resource, add: &mut impl FnMut(String)) {
    let property = |name| pool.property(name);
    if matches!(pool.text("MfaConfiguration"), Some("ON" | "OPTIONAL")) {
        add("no second factor is asked for here".to_owned());
    }
    for trigger in
        property("LambdaConfig").as_object().into_iter().flatten().filter(|(_, value)| !value.is_null())
    {
        if trigger.0 != "KMSKeyID" {
            add(format!("the trigger `{}` is not called here", trigger.0));
        }
    }
    let told = [
        (
            matches!(property("UserPoolAddOns")["AdvancedSecurityMode"].as_str(), Some("AUDIT" | "ENFORCED")),
            "threats are not looked for here",
        ),
        (!property("DeviceConfiguration").is_null(), "devices are not remembered here"),
        (
            is_some(&property("UserAttributeUpdateSettings")["AttributesRequireVerificationBeforeUpdate"]),
            "a new address counts before it is verified here",
        ),
        (
            property("VerificationMessageTemplate")["DefaultEmailOption"] == "CONFIRM_WITH_LINK",
            "a code is mailed instead of a link here",
        ),
        (
            crate::definition::whole(&property("Policies")["PasswordPolicy"]["PasswordHistorySize"])
                .unwrap_or(0)
                > 0,
            "an earlier password may be used again here",
        ),
        (other_factors(pool), "users sign in by password only here"),
    ];
    told.iter().filter(|(applies, _)| *applies).for_each(|(_, text)| add((*text).to_owned()));
}

fn is_some(list: &Value) -> bool {
    list.as_array().is_some_and(|list| !list.is_empty())
}

fn other_factors(pool: &Resource) -> bool {
    let factors = &pool.property("Policies")["SignInPolicy"]["AllowedFirstAuthFactors"];
    factors.as_array().into_iter().flatten().any(|factor| factor != "PASSWORD")
}

fn of_client(client: &Resource, add: &mut impl FnMut(String)) {
    let names = |name| crate::definition::texts(client.property(name));
    for flow in names("ExplicitAuthFlows") {
        if matches!(flow.as_str(), "ALLOW_CUSTOM_AUTH" | "ALLOW_USER_AUTH" | "CUSTOM_AUTH_FLOW_ONLY") {
            add(format!("the flow `{flow}` is not answered here"));
        }
    }
    for provider in names("SupportedIdentityProviders").iter().filter(|provider| *provider != "COGNITO") {
        add(format!("users of `{provider}` cannot sign in here"));
    }
    if !client.property("AnalyticsConfiguration").is_null() {
        add("nothing is sent to Pinpoint here".to_owned());
    }
}
