//! The id that joins a log line with its X-Ray trace.

/// The trace id in a tracing header: `1-5759e988-bd862e3fe1be46a994272793` of `Root=1-5759…;Parent=…;Sampled=1`.
///
/// A client may have sent the header, so only the form that X-Ray defines is taken.
/// <https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader>
pub(crate) fn root(header: &str) -> Option<&str> {
    let mut parts = header.split(';').filter_map(|part| part.trim().strip_prefix("Root="));
    parts.next().filter(|id| is_trace_id(id))
}

fn is_trace_id(id: &str) -> bool {
    let hexadecimal = |part: Option<&str>, length: usize| {
        part.is_some_and(|part| part.len() == length && part.bytes().all(|c| c.is_ascii_hexdigit()))
    };
    let mut parts = id.split('-');
    parts.next() == Some("1")
        && hexadecimal(parts.next(), 8)
        && hexadecimal(parts.next(), 24)
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1-5759e988-bd862e3fe1be46a994272793";

    #[test]
    fn the_root_is_found_among_the_parts() {
        for header in [
            format!("Root={ID}"),
            format!("Root={ID};Parent=53995c3f42cd8ad8;Sampled=1"),
            format!("Sampled=0; Root={ID}"),
        ] {
            assert_eq!(root(&header), Some(ID), "{header}");
        }
    }

    #[test]
    fn nothing_else_reaches_the_log() {
        for header in ["", ID, "Root=", "Root=x", "Root=1-5759e988-bd86", "Parent=53995c3f42cd8ad8"] {
            assert_eq!(root(header), None, "{header}");
        }
        assert_eq!(root(&format!("Root={ID}-1")), None);
        assert_eq!(root(&format!("Root=2{}", &ID[1..])), None);
        assert_eq!(root(&format!("Root={}", ID.replace('5', "\n"))), None);
    }
}
