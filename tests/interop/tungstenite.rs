// Reads a WebSocket with tokio-tungstenite.
//
// Usage: tungstenite URL N. Prints the first N messages that are no heartbeats as they came, one a
// line, then closes and waits for the answer of the server. Ends with 1 when anything fails.
use futures_util::StreamExt;
use tokio_tungstenite::tungstenite::{Error, Message};

async fn read(url: &str, mut count: usize) -> Result<(), Error> {
	let (mut socket, _) = tokio_tungstenite::connect_async(url).await?;

	while count > 0 {
		match socket.next().await {
			Some(Ok(Message::Text(text))) => {
				if text.contains("\"message_type\":\"heartbeat\"") {
					continue;
				}
				println!("{}", text.trim_end_matches('\n'));
				count -= 1;
			}
			Some(Ok(Message::Ping(_))) => (),
			Some(Ok(other)) => {
				eprintln!("{:?}", other);
				std::process::exit(1);
			}
			Some(Err(error)) => return Err(error),
			None => return Err(Error::ConnectionClosed),
		}
	}
	socket.close(None).await?;
	while let Some(message) = socket.next().await {
		if let Message::Close(_) = message? {
			return Ok(());
		}
	}
	Err(Error::AlreadyClosed)
}

fn main() {
	let arguments: Vec<String> = std::env::args().collect();
	let count = arguments[2].parse().expect("a number of messages");
	let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();

	if let Err(error) = runtime.block_on(read(&arguments[1], count)) {
		eprintln!("{}", error);
		std::process::exit(1);
	}
}
