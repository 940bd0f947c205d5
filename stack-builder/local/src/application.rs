//! One state of the application: what the templates say, and the services made from them.

use crate::addresses::Addresses;
use crate::doors::{Current, Doors};
use crate::evaluate::{self, Evaluated};
use crate::handlers::{Handlers, Slots};
use crate::origins::LocalOrigins;
use crate::stores::Stores;
use crate::{Error, Options};
use arc_swap::ArcSwap;
use stack_builder_assembly::{AssetPart, CloudAssembly};
use stack_builder_local_api_gateway::Gateway;
use stack_builder_local_cloudfront::Cdn;
use stack_builder_local_cognito::HostedOptions;
use stack_builder_local_core::{Note, Resource, ResourceId, Resources, Service};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The host under which AWS's own API goes among the doors.
pub(crate) const ENDPOINT: &str = "endpoint";

/// What runs now; a change of the templates makes another one.
#[derive(Default)]
pub(crate) struct Application {
    /// The stacks; outputs name local URLs, properties are as AWS would have them, without secrets.
    pub(crate) stacks: Vec<Evaluated>,
    /// What answers for each host.
    pub(crate) services: BTreeMap<String, Arc<dyn Service>>,
    /// Where it is not as in AWS.
    pub(crate) notes: Vec<Note>,
    /// The resources as the services have them.
    pub(crate) resources: Resources,
    /// The assets of functions.
    pub(crate) slots: Slots,
}

/// Templates with their hosts, before anything is changed.
pub(crate) struct Planned {
    stacks: Vec<Evaluated>,
    hosts: Vec<String>,
    slots: Slots,
}

/// Evaluates the templates; nothing is touched.
pub(crate) fn plan(assembly: &CloudAssembly, options: &Options) -> Result<Planned, Error> {
    let stacks = evaluate::evaluate(assembly, options)?;
    let mut hosts = vec![ENDPOINT.to_owned()];
    for kind in [
        "AWS::CloudFront::Distribution",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGatewayV2::Api",
        "AWS::Cognito::UserPoolDomain",
    ] {
        let of_kind =
            stacks.iter().flat_map(|stack| stack.resources.iter().map(move |resource| (stack, resource)));
        hosts.extend(of_kind.filter(|(_, r)| r.kind == kind).filter_map(|(stack, r)| host(r, &stack.region)));
    }
    Ok(Planned { stacks, hosts, slots: slots(assembly) })
}

/// The asset of each function's code.
fn slots(assembly: &CloudAssembly) -> Slots {
    let stacks = assembly.manifest.stacks.iter();
    let slots = stacks.flat_map(|stack| stack.asset_slots.iter().map(move |slot| (stack, slot)));
    slots
        .filter(|(_, slot)| slot.part == AssetPart::Location)
        .map(|(stack, slot)| {
            let (stack, logical_id) = (stack.stack_name.clone(), slot.logical_id.clone());
            (ResourceId { stack, logical_id }, slot.asset.clone())
        })
        .collect()
}

/// The host of a resource that has a port of its own.
pub(crate) fn host(resource: &Resource, region: &str) -> Option<String> {
    Some(match resource.kind.as_str() {
        "AWS::CloudFront::Distribution" => resource.attributes.get("DomainName")?.clone(),
        "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api" => {
            format!("{}.execute-api.{region}.amazonaws.com", resource.physical_id)
        }
        "AWS::Cognito::UserPoolDomain" if resource.physical_id.contains('.') => resource.physical_id.clone(),
        "AWS::Cognito::UserPoolDomain" => format!("{}.auth.{region}.amazoncognito.com", resource.physical_id),
        _ => return None,
    })
}

impl Planned {
    /// Takes ports, brings the stores to what the templates say, and makes the services.
    pub(crate) fn build(
        self,
        stores: &Stores,
        doors: &Doors,
        handlers: &Handlers,
    ) -> Result<Application, Error> {
        let Self { mut stacks, hosts, slots } = self;
        doors.take(&hosts)?;
        let addresses = book(&stacks, doors);
        let mut local = Vec::new();
        for stack in &mut stacks {
            stack.outputs.values_mut().for_each(|value| replace(value, &addresses));
            local.extend(stack.resources.iter().cloned());
        }
        for resource in &mut local {
            addresses.localize_value(&mut resource.properties);
        }
        let mut notes: Vec<Note> = stores.secrets.apply(&Resources::new(local.clone()));
        notes.extend(evaluate::resolve_secrets(&mut local, &|id, key| stores.secrets.value(id, key)));
        let resources = Resources::new(local);
        notes.extend(stores.apply(&resources, &handlers.of(&slots)));
        stores.pools.configure(sign_in_pages(&stacks, doors));
        let services = services(&stacks, &resources, stores, &mut notes);
        notes.sort();
        notes.dedup();
        Ok(Application { stacks, services, notes, resources, slots })
    }
}

/// Where every host of the application is served.
fn book(stacks: &[Evaluated], doors: &Doors) -> Addresses {
    let mut addresses = Addresses::default();
    let endpoint = doors.url(ENDPOINT).unwrap_or_default();
    for (stack, resource) in stacks.iter().flat_map(|stack| stack.resources.iter().map(move |r| (stack, r))) {
        if resource.kind == "AWS::S3::Bucket" {
            let url = format!("{endpoint}/{}", resource.physical_id);
            let hosts = ["DomainName", "RegionalDomainName", "DualStackDomainName"];
            hosts
                .iter()
                .filter_map(|name| resource.attributes.get(*name))
                .for_each(|host| addresses.insert(host, url.clone()));
        }
        let Some(host) = host(resource, &stack.region) else { continue };
        let Some(url) = doors.url(&host) else { continue };
        for alias in resource.properties["DistributionConfig"]["Aliases"].as_array().into_iter().flatten() {
            alias.as_str().into_iter().for_each(|alias| addresses.insert(alias, url.clone()));
        }
        addresses.insert(&host, url);
    }
    addresses
}

/// What the sign-in pages must know of the addresses here.
fn sign_in_pages(stacks: &[Evaluated], doors: &Doors) -> HostedOptions {
    let domains = stacks.iter().flat_map(|stack| stack.resources.iter().map(move |r| (stack, r)));
    let domains = domains.filter(|(_, resource)| resource.kind == "AWS::Cognito::UserPoolDomain");
    let url = |(stack, domain): (&Evaluated, &Resource)| {
        Some((domain.physical_id.clone(), doors.url(&host(domain, &stack.region)?)?))
    };
    HostedOptions {
        inbox: doors.url(ENDPOINT).map(|url| format!("{url}{}", crate::console::PATH)),
        is_secure: doors.is_secure(),
        urls: domains.filter_map(url).collect(),
    }
}

fn replace(value: &mut String, addresses: &Addresses) {
    if let Some(local) = addresses.localize(value) {
        *value = local;
    }
}

fn services(
    stacks: &[Evaluated],
    resources: &Resources,
    stores: &Stores,
    notes: &mut Vec<Note>,
) -> BTreeMap<String, Arc<dyn Service>> {
    let functions = Arc::new(stores.functions.clone());
    let (gateway, more) = Gateway::new(
        resources,
        &stores.world,
        functions.clone(),
        Arc::new(stores.pools.clone()),
        &stores.counters,
    );
    notes.extend(more);
    let mut services = BTreeMap::new();
    let all =
        || stacks.iter().flat_map(|stack| stack.resources.iter().map(move |r| (host(r, &stack.region), r)));
    for (host, resource) in all() {
        let service = match resource.kind.as_str() {
            "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api" => gateway.api(&resource.physical_id),
            "AWS::Cognito::UserPoolDomain" => stores.pools.domain_service(&resource.physical_id),
            _ => None,
        };
        services.extend(host.zip(service));
    }
    let origins = Arc::new(LocalOrigins::new(resources, &services, &stores.buckets));
    let (cdn, more) = Cdn::new(resources, &stores.world, functions, origins);
    notes.extend(more);
    for (host, resource) in all().filter(|(_, resource)| resource.kind == "AWS::CloudFront::Distribution") {
        services.extend(host.zip(cdn.distribution(&resource.physical_id)));
    }
    stores.cdn.store(Arc::new(cdn.judged_by(Arc::new(stores.policies.clone()))));
    services
}

/// What answers now, for the doors: the application's services, and AWS's API.
pub(crate) struct Directory {
    pub(crate) application: Arc<ArcSwap<Application>>,
    pub(crate) endpoint: Arc<dyn Service>,
}

impl Current for Directory {
    fn service(&self, host: &str) -> Option<Arc<dyn Service>> {
        if host == ENDPOINT {
            return Some(self.endpoint.clone());
        }
        self.application.load().services.get(host).cloned()
    }
}
