import { TSLAB_VERSION, type Tslab } from "./tslab";
import { PROTOCOL_VERSION } from "./wire/message";

/** The answer to `kernel_info_request`. */
export function kernelInfo({ ts }: Tslab): Record<string, unknown> {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "nablab",
    implementation_version: TSLAB_VERSION,
    language_info: {
      name: "typescript",
      version: ts.version,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      // JupyterLab finds its editor mode by the MIME type, the classic notebook by this pair.
      codemirror_mode: { name: "javascript", mode: "typescript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${ts.version} on Node.js ${process.versions.node}, tslab ${TSLAB_VERSION}, nablab`,
    debugger: false,
    supported_features: [],
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "TensorFlow.js", url: "https://js.tensorflow.org/api/latest/" },
      { text: "Vega-Lite", url: "https://vega.github.io/vega-lite/docs/" },
    ],
  };
}
