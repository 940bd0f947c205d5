//! The code of a route table's CloudFront function.
//!
//! Made of parts, each only there when the table needs it. The language is the one described at
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html>.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Puts the query of a request together again. Names and values are as they were sent, so nothing is encoded; what
/// the table's own address has in its fragment stays last.
const WITH_QUERY: &str = "\
function query(to,q){
var p=[];
for(var n in q){var v=q[n];(v.multiValue||[v]).forEach(function(x){p.push(x.value===''?n:n+'='+x.value)})}
if(!p.length)return to;
var h=to.indexOf('#'),f='';
if(h>=0){f=to.slice(h);to=to.slice(0,h)}
return to+(to.indexOf('?')<0?'?':'&')+p.join('&')+f
}
";

/// Words for the statuses that a table answers with.
fn status_text(status: u16) -> &'static str {
    match status {
        301 => "Moved Permanently",
        303 => "See Other",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        _ => "Found",
    }
}

pub(super) fn write(
    serves: &BTreeMap<String, String>,
    redirects: &BTreeMap<String, (u16, String)>,
    not_found: Option<&str>,
) -> String {
    let mut code = String::new();
    let mut body = String::new();
    if !serves.is_empty() {
        let table = serves.iter().map(|(path, object)| (path, quoted(object)));
        code.push_str(&object("serves", table));
        body.push_str("if(has(serves,u)){r.uri=serves[u];return r}\n");
    }
    if !redirects.is_empty() {
        let table = redirects.iter().map(|(path, (status, to))| {
            (path, format!("[{status},{},{}]", quoted(status_text(*status)), quoted(to)))
        });
        code.push_str(&object("redirects", table));
        code.push_str(WITH_QUERY);
        body.push_str(
            "if(has(redirects,u)){var t=redirects[u];return{statusCode:t[0],statusDescription:t[1],\
             headers:{location:{value:query(t[2],r.querystring)}}}}\n",
        );
    }
    if let Some(html) = not_found {
        let _ = writeln!(code, "var page={};", quoted(html));
        body.push_str(NOT_FOUND);
    }
    if !serves.is_empty() || !redirects.is_empty() {
        code.push_str("function has(t,u){return Object.prototype.hasOwnProperty.call(t,u)}\n");
    }
    let path = if body.is_empty() { "" } else { "var u=r.uri;\n" };
    let _ = writeln!(code, "function handler(event){{\nvar r=event.request;\n{path}{body}return r\n}}");
    code
}

/// The answer to a path whose last part has no dot. The page says itself what it may load: it may bring styles along,
/// and nothing in it runs.
const NOT_FOUND: &str = "\
if(u!=='/'&&u.slice(u.lastIndexOf('/')).indexOf('.')<0){
var a={statusCode:404,statusDescription:'Not Found',headers:{\
'content-type':{value:'text/html; charset=utf-8'},\
'cache-control':{value:'no-store'},\
'content-security-policy':{value:\"default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\"},\
'x-content-type-options':{value:'nosniff'}}};
if(r.method!=='HEAD')a.body={encoding:'text',data:page};
return a
}
";

fn object<'a>(name: &str, entries: impl Iterator<Item = (&'a String, String)>) -> String {
    let entries: Vec<_> = entries.map(|(key, value)| format!("{}:{value}", quoted(key))).collect();
    format!("var {name}={{{}}};\n", entries.join(",\n"))
}

/// `text` as a JavaScript string of ASCII only: older engines end a line at U+2028, and nobody then has to guess how
/// the code is encoded.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    let mut units = [0; 2];
    json.chars().fold(String::with_capacity(json.len()), |mut ascii, c| {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            c.encode_utf16(&mut units).iter().for_each(|unit| {
                let _ = write!(ascii, "\\u{unit:04x}");
            });
        }
        ascii
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_table_lets_everything_pass() {
        let code = write(&BTreeMap::new(), &BTreeMap::new(), None);
        assert_eq!(code, "function handler(event){\nvar r=event.request;\nreturn r\n}\n");
    }

    #[test]
    fn a_string_is_ascii_and_ends_where_it_should() {
        assert_eq!(quoted("a\"\\\n\u{2028}é🚀"), r#""a\"\\\n\u2028\u00e9\ud83d\ude80""#);
    }
}
