//! The third-party emulator in its strict mode: signatures and IAM checked, over TLS, on this machine alone.

use crate::place::{client, python_tool};
use crate::process::Group;
use crate::{Aws, Credentials, Http};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The region that the tests deploy to.
pub const REGION: &str = "eu-west-1";

/// A running emulator with nothing in it, which ends with this value.
#[derive(Debug)]
pub struct Emulator {
    // Ended before its folder goes.
    process: Group,
    data: TempDir,
    authority: String,
}

impl Emulator {
    /// Starts one on a free port and waits until it answers.
    ///
    /// # Panics
    /// When the pinned tools are missing, or it does not come up.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one without the mend of its JWT authorizer, to see whether that is still needed.
    ///
    /// # Panics
    /// As [`Emulator::start`].
    pub fn start_unmended() -> Self {
        Self::start_with(&["--unmended"])
    }

    fn start_with(arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a folder for the emulator");
        let authority = format!("127.0.0.1:{}", free_port());
        let mut command = Command::new(python_tool("python"));
        command.arg(client("emulator.py")).args(arguments).envs(settings(&data, &authority));
        let log = File::create(data.path().join("log")).expect("a log");
        command.stdin(Stdio::piped()).stdout(log.try_clone().expect("the same log")).stderr(log);
        let mut emulator = Self { process: Group::start(&mut command), data, authority };
        emulator.wait();
        emulator
    }

    fn wait(&mut self) {
        let end = Instant::now() + Duration::from_mins(1);
        while !self.answers() {
            let over = self.process.has_ended() || Instant::now() > end;
            assert!(!over, "the emulator does not come up:\n{}", self.log());
            sleep(Duration::from_millis(50));
        }
    }

    fn answers(&self) -> bool {
        let listens = std::net::TcpStream::connect(&self.authority).is_ok();
        listens
            && self.http().send("GET", &format!("{}/_ministack/health", self.endpoint()), &[], "").status
                == 200
    }

    /// What it has written so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.data.path().join("log")).unwrap_or_default()
    }

    /// Its address: `https://127.0.0.1:port`.
    pub fn endpoint(&self) -> String {
        format!("https://{}", self.authority)
    }

    /// The certificate that its clients have to trust.
    pub fn certificate(&self) -> PathBuf {
        certificate(&self.data)
    }

    /// An HTTP client of it.
    pub fn http(&self) -> Http {
        Http::new(&self.authority, &self.certificate())
    }

    /// The ordinary AWS environment of somebody with these credentials.
    pub fn environment(&self, who: &Credentials) -> Vec<(&'static str, String)> {
        let mut variables = self.address();
        variables.push(("AWS_ACCESS_KEY_ID", who.key.clone()));
        variables.push(("AWS_SECRET_ACCESS_KEY", who.secret.clone()));
        variables.extend(who.token.clone().map(|token| ("AWS_SESSION_TOKEN", token)));
        variables
    }

    fn address(&self) -> Vec<(&'static str, String)> {
        self.address_in(REGION)
    }

    fn address_in(&self, region: &str) -> Vec<(&'static str, String)> {
        let certificate = self.certificate().to_string_lossy().into_owned();
        vec![
            ("AWS_ENDPOINT_URL", self.endpoint()),
            ("AWS_REGION", region.to_owned()),
            ("AWS_DEFAULT_REGION", region.to_owned()),
            ("SSL_CERT_FILE", certificate.clone()),
            ("AWS_CA_BUNDLE", certificate),
        ]
    }

    /// A boto3 client that speaks as `who`.
    pub fn aws(&self, who: &Credentials) -> Aws {
        Aws::new(&self.address(), who.clone())
    }

    /// The same in another region.
    pub fn aws_in(&self, region: &str, who: &Credentials) -> Aws {
        Aws::new(&self.address_in(region), who.clone())
    }

    /// A new IAM user who may do everything.
    ///
    /// Signatures of the root credentials are not checked; those of a user are.
    ///
    /// # Panics
    /// When the emulator refuses.
    pub fn administrator(&self, name: &str) -> Credentials {
        let root = self.aws(&Credentials::new("root", "root"));
        root.call("iam", "create_user", json!({ "UserName": name }));
        let everything = "arn:aws:iam::aws:policy/AdministratorAccess";
        root.call("iam", "attach_user_policy", json!({ "UserName": name, "PolicyArn": everything }));
        let key = root.call("iam", "create_access_key", json!({ "UserName": name }))["AccessKey"].take();
        let text = |field: &str| key[field].as_str().unwrap_or_default().to_owned();
        Credentials::new(text("AccessKeyId"), text("SecretAccessKey"))
    }

    /// The last mail to `address`, as text.
    ///
    /// # Panics
    /// When there is none.
    pub fn mail(&self, address: &str) -> String {
        let answer =
            self.http().send("GET", &format!("{}/_ministack/ses/messages", self.endpoint()), &[], "").json();
        let accounts = answer["messages"].as_object().into_iter().flat_map(|accounts| accounts.values());
        let mails = accounts.flat_map(|mails| mails.as_array().into_iter().flatten());
        let mut mine =
            mails.filter(|mail| mail["To"].as_array().is_some_and(|to| to.contains(&Value::from(address))));
        let last = mine.next_back().unwrap_or_else(|| panic!("no mail to {address} in {answer}"));
        last["BodyText"].as_str().unwrap_or_default().to_owned()
    }
}

/// Its whole environment: nothing of this machine's AWS settings reaches it, or the functions it runs.
fn settings(data: &TempDir, authority: &str) -> Vec<(&'static str, String)> {
    let folder = |name: &str| data.path().join(name).to_string_lossy().into_owned();
    let port = authority.rsplit(':').next().unwrap_or_default();
    fs::create_dir(folder("tmp")).expect("a folder for temporary files");
    vec![
        ("AUTH", "true".to_owned()),
        ("BIND_HOST", "127.0.0.1".to_owned()),
        ("GATEWAY_PORT", port.to_owned()),
        ("USE_SSL", "1".to_owned()),
        ("IOT_MTLS_ENABLED", "0".to_owned()),
        ("SFTP_ENABLED", "0".to_owned()),
        ("AWS_ACCESS_KEY_ID", "root".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "root".to_owned()),
        ("TMPDIR", folder("tmp")),
        ("STATE_DIR", folder("state")),
        ("S3_DATA_DIR", folder("s3")),
        // Functions inherit these two, and so find AWS at the emulator as they would find it in the cloud.
        ("AWS_ENDPOINT_URL", format!("https://{authority}")),
        ("SSL_CERT_FILE", certificate(data).to_string_lossy().into_owned()),
    ]
}

/// The emulator makes the certificate when it starts.
fn certificate(data: &TempDir) -> PathBuf {
    data.path().join("tmp/ministack-tls/server.crt")
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
