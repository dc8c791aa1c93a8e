import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Counts messages and their bytes, and says after each how many there were. */
public final class Tally implements Task {
    private int totals;
    private long messages;
    private long bytes;

    @Override
    public void start(Setup setup) {
        totals = setup.output("totals");
    }

    @Override
    public void onInput(int port, ByteBuffer data, Context context) {
        messages++;
        bytes += data.remaining();
        String text = messages + " messages, " + bytes + " bytes\n";
        context.send(totals, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void save(ByteBuffer state) {
        state.putLong(messages).putLong(bytes);
    }

    @Override
    public void load(ByteBuffer state) {
        messages = state.getLong();
        bytes = state.getLong();
    }
}
