import java.io.IOException;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One node of OpenSearch in a process of its own: {@code ClusterNode DIRECTORY SETTING=VALUE...}. */
public final class ClusterNode {
    public static void main(String[] arguments) throws IOException {
        OpenSearchRunner runner = new OpenSearchRunner();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(runner)));
        runner.onBuild((number, settings) -> {
            for (int i = 1; i < arguments.length; i++) {
                String[] setting = arguments[i].split("=", 2);
                settings.put(setting[0], setting[1]);
            }
        }).build(OpenSearchRunner.newConfigs().basePath(arguments[0]).numOfNode(1));
        // The standard input ends with the process that started this one, even when that was killed: no node is left behind.
        while (System.in.read() >= 0) {
        }
        System.exit(0);
    }

    private static void close(OpenSearchRunner runner) {
        try {
            runner.close();
        } catch (IOException error) {
            error.printStackTrace();
        }
    }
}
