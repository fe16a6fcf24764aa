// Reads a WebSocket with java.net.http, the client of the JDK.
//
// Usage: java Reader.java URL N. Prints the first N texts that are no heartbeats as they came,
// sends a ping and waits for its pong, and closes. Ends with 1 when anything goes wrong.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class Reader implements WebSocket.Listener {
	private final CountDownLatch texts, pong = new CountDownLatch(1), closed = new CountDownLatch(1);
	private final StringBuilder text = new StringBuilder();
	private int code;

	Reader(int count) {
		texts = new CountDownLatch(count);
	}

	public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
		text.append(part);
		if (last) {
			if (texts.getCount() > 0 && text.indexOf("\"message_type\":\"heartbeat\"") < 0) {
				System.out.println(text.toString().stripTrailing());
				texts.countDown();
			}
			text.setLength(0);
		}
		socket.request(1);
		return null;
	}

	public CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
		if (StandardCharsets.UTF_8.decode(payload).toString().equals("are you there"))
			pong.countDown();
		socket.request(1);
		return null;
	}

	public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
		code = status;
		closed.countDown();
		return null;
	}

	public void onError(WebSocket socket, Throwable error) {
		error.printStackTrace();
		System.exit(1);
	}

	private static void await(CountDownLatch latch, String what) throws InterruptedException {
		if (!latch.await(20, TimeUnit.SECONDS)) {
			System.err.println("nothing came: " + what);
			System.exit(1);
		}
	}

	public static void main(String[] arguments) throws Exception {
		Reader reader = new Reader(Integer.parseInt(arguments[1]));
		WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder()
		    .buildAsync(URI.create(arguments[0]), reader).get(20, TimeUnit.SECONDS);

		await(reader.texts, "texts");
		socket.sendPing(ByteBuffer.wrap("are you there".getBytes(StandardCharsets.UTF_8)));
		await(reader.pong, "a pong");
		socket.sendClose(WebSocket.NORMAL_CLOSURE, "done");
		await(reader.closed, "a close");
		System.out.flush();
		System.exit(reader.code == WebSocket.NORMAL_CLOSURE ? 0 : 1);
	}
}
