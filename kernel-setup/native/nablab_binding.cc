// The native part of nablab: the binding of @tensorflow/tfjs-node-gpu and, beside it, TensorFlow functions.
//
// A TensorFlow function is a whole graph that runs as one op. The stock binding can run one (a function's name is an
// op's name), but cannot define one, and pays for every input and output of a call in JavaScript objects. This file
// adds the few entries that lib/src/capture needs, under the one exported property `nablab`:
//
//   describeOp(name, attrs, inputIds)                  -> Uint8Array, the op's complete attributes (NameAttrList)
//   defineFunction(name, graph, inputs, outputs, opts) -> handle; replaces a function of that name
//   removeFunction(name)
//   hasFunction(name)                                  -> boolean
//   runFunction(handle, inputIds, targets)             -> undefined; `targets` says where each output goes
//   tensorShape(id)                                    -> number[]
//   profileGraph(graph, inputs, inputIds, outputs, config, runs) -> Uint8Array[], a RunMetadata of each run
//
// The package's own sources are included, not copied, so this binding is always a superset of the one it comes with.
// All state lives in the backend, which is Node's instance data: every worker thread has a context of its own.

#include <node_api.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

// The package registers its module with this macro; a library can register only one, and ours calls its init below.
#undef NAPI_MODULE
#define NAPI_MODULE(name, init)

#include "tfjs_backend.cc"
#include "tfjs_binding.cc"

#include "tensorflow/c/eager/c_api_experimental.h"

namespace nablab {

using tfnodejs::TF_AutoStatus;
using tfnodejs::TFE_AutoOp;
using tfnodejs::TFJSBackend;

// The context and the tensor map are private to TFJSBackend, and a function can be defined only in that context. An
// explicit instantiation may name private members (C++17, 17.7.2/12), so this grants access without redefining
// keywords around an include, which would change the class in one translation unit and not in the standard library's.
template <typename Tag, typename Tag::type Member>
struct Grant {
  friend typename Tag::type Granted(Tag) { return Member; }
};
struct Context {
  typedef TFE_Context *TFJSBackend::*type;
  friend type Granted(Context);
};
struct Handles {
  typedef std::unordered_map<int32_t, TFE_TensorHandle *> TFJSBackend::*type;
  friend type Granted(Handles);
};
struct Insert {
  typedef int32_t (TFJSBackend::*type)(TFE_TensorHandle *);
  friend type Granted(Insert);
};
template struct Grant<Context, &TFJSBackend::tfe_context_>;
template struct Grant<Handles, &TFJSBackend::tfe_handle_map_>;
template struct Grant<Insert, &TFJSBackend::InsertHandle>;

TFE_Context *ContextOf(TFJSBackend *backend) { return backend->*Granted(Context()); }
std::unordered_map<int32_t, TFE_TensorHandle *> &HandlesOf(TFJSBackend *backend) {
  return backend->*Granted(Handles());
}

template <typename T, void (*Delete)(T *)>
struct Deleter {
  void operator()(T *pointer) const { Delete(pointer); }
};
template <typename T, void (*Delete)(T *)>
using Owned = std::unique_ptr<T, Deleter<T, Delete>>;

// Throws with TensorFlow's whole message: the package's own macro cuts it at 500 bytes, often before the op's name.
bool Throw(napi_env env, const std::string &message, const char *code = nullptr) {
  napi_value text, error, code_value = nullptr;
  napi_create_string_utf8(env, message.data(), message.size(), &text);
  if (code != nullptr) napi_create_string_utf8(env, code, NAPI_AUTO_LENGTH, &code_value);
  napi_create_error(env, code_value, text, &error);
  napi_throw(env, error);
  return false;
}

bool Ok(napi_env env, TF_AutoStatus &status) {
  const TF_Code code = TF_GetCode(status.status);
  return code == TF_OK || Throw(env, TF_Message(status.status), ("TF_" + std::to_string(code)).c_str());
}

bool Ok(napi_env env, napi_status status, const char *what) {
  return status == napi_ok || Throw(env, std::string("nablab binding: expected ") + what);
}

bool ReadString(napi_env env, napi_value value, std::string *out, const char *what) {
  size_t length = 0;
  if (!Ok(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length), what)) return false;
  out->resize(length + 1);
  napi_get_value_string_utf8(env, value, &(*out)[0], length + 1, &length);
  out->resize(length);
  return true;
}

bool ReadStrings(napi_env env, napi_value value, std::vector<std::string> *out, const char *what) {
  uint32_t length = 0;
  if (!Ok(env, napi_get_array_length(env, value, &length), what)) return false;
  out->resize(length);
  for (uint32_t i = 0; i < length; ++i) {
    napi_value item;
    if (!Ok(env, napi_get_element(env, value, i, &item), what) || !ReadString(env, item, &(*out)[i], what)) {
      return false;
    }
  }
  return true;
}

struct Bytes {
  void *data = nullptr;
  size_t length = 0;
};

bool ReadArray(napi_env env, napi_value value, napi_typedarray_type wanted, Bytes *out, const char *what) {
  napi_typedarray_type type;
  bool is_typed_array = false;
  napi_is_typedarray(env, value, &is_typed_array);
  if (!is_typed_array) return Ok(env, napi_invalid_arg, what);
  napi_get_typedarray_info(env, value, &type, &out->length, &out->data, nullptr, nullptr);
  return Ok(env, type == wanted ? napi_ok : napi_invalid_arg, what);
}

// An optional property of the options object: absent and undefined leave `out` as it is.
bool ReadOption(napi_env env, napi_value options, const char *name, std::string *bytes, bool *flag) {
  napi_value value;
  napi_valuetype type;
  if (!Ok(env, napi_get_named_property(env, options, name, &value), "an options object")) return false;
  napi_typeof(env, value, &type);
  if (type == napi_undefined) return true;
  if (flag != nullptr) return Ok(env, napi_get_value_bool(env, value, flag), name);
  if (type == napi_string) return ReadString(env, value, bytes, name);
  Bytes array;
  if (!ReadArray(env, value, napi_uint8_array, &array, name)) return false;
  bytes->assign(static_cast<char *>(array.data), array.length);
  return true;
}

// A function as JavaScript holds it. It owns nothing of TensorFlow's, so that a late garbage collection (after the
// context is gone, at the end of a worker) can free it safely.
struct Function {
  std::string name;
  std::string executor;
  std::string config;
  int outputs = 0;
};

TFJSBackend *BackendAndArguments(napi_env env, napi_callback_info info, size_t wanted, napi_value *arguments) {
  size_t count = wanted;
  if (!Ok(env, napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr), "a call")) return nullptr;
  if (count < wanted) {
    Throw(env, "nablab binding: expected " + std::to_string(wanted) + " arguments, got " + std::to_string(count));
    return nullptr;
  }
  return tfnodejs::GetTFJSBackend(env);
}

TFE_TensorHandle *FindHandle(napi_env env, TFJSBackend *backend, int32_t id) {
  auto &handles = HandlesOf(backend);
  auto entry = handles.find(id);
  if (entry != handles.end()) return entry->second;
  Throw(env, "the tensor with id " + std::to_string(id) + " does not exist: it was disposed of");
  return nullptr;
}

napi_value NewBytes(napi_env env, const void *data, size_t length) {
  void *copy = nullptr;
  napi_value array_buffer, result;
  if (!Ok(env, napi_create_arraybuffer(env, length, &copy, &array_buffer), "memory")) return nullptr;
  if (length > 0) std::memcpy(copy, data, length);
  napi_create_typedarray(env, napi_uint8_array, length, array_buffer, 0, &result);
  return result;
}

bool ImportGraph(napi_env env, TF_Graph *graph, const Bytes &bytes) {
  TF_AutoStatus status;
  Owned<TF_Buffer, TF_DeleteBuffer> buffer(TF_NewBufferFromString(bytes.data, bytes.length));
  Owned<TF_ImportGraphDefOptions, TF_DeleteImportGraphDefOptions> options(TF_NewImportGraphDefOptions());
  TF_GraphImportGraphDef(graph, buffer.get(), options.get(), status.status);
  return Ok(env, status);
}

// Names like "node" or "node:1" as ends of edges in the graph.
bool FindEnds(napi_env env, TF_Graph *graph, const std::vector<std::string> &names, std::vector<TF_Output> *ends) {
  for (const std::string &name : names) {
    const size_t colon = name.find(':');
    const std::string node = name.substr(0, colon);
    TF_Operation *operation = TF_GraphOperationByName(graph, node.c_str());
    if (operation == nullptr) return Throw(env, "the graph has no node named " + node);
    const int index = colon == std::string::npos ? 0 : std::atoi(name.c_str() + colon + 1);
    if (index >= TF_OperationNumOutputs(operation)) return Throw(env, "the graph has no output named " + name);
    ends->push_back({operation, index});
  }
  return true;
}

napi_value DefineFunction(napi_env env, napi_callback_info info) {
  napi_value arguments[5];
  TFJSBackend *backend = BackendAndArguments(env, info, 5, arguments);
  if (backend == nullptr) return nullptr;

  auto function = std::make_unique<Function>();
  Bytes bytes;
  std::vector<std::string> input_names, output_names;
  bool xla = false;
  if (!ReadString(env, arguments[0], &function->name, "a function's name") ||
      !ReadArray(env, arguments[1], napi_uint8_array, &bytes, "a GraphDef as Uint8Array") ||
      !ReadStrings(env, arguments[2], &input_names, "names of inputs") ||
      !ReadStrings(env, arguments[3], &output_names, "names of outputs") ||
      !ReadOption(env, arguments[4], "executor", &function->executor, nullptr) ||
      !ReadOption(env, arguments[4], "config", &function->config, nullptr) ||
      !ReadOption(env, arguments[4], "xla", nullptr, &xla)) {
    return nullptr;
  }
  function->outputs = static_cast<int>(output_names.size());

  TF_AutoStatus status;
  Owned<TF_Graph, TF_DeleteGraph> graph(TF_NewGraph());
  std::vector<TF_Output> inputs, outputs;
  if (!ImportGraph(env, graph.get(), bytes) || !FindEnds(env, graph.get(), input_names, &inputs) || !FindEnds(env, graph.get(), output_names, &outputs)) {
    return nullptr;
  }
  Owned<TF_Function, TF_DeleteFunction> definition(
      TF_GraphToFunction(graph.get(), function->name.c_str(), 0, -1, nullptr, static_cast<int>(inputs.size()),
                         inputs.data(), function->outputs, outputs.data(), nullptr, nullptr, nullptr, status.status));
  if (!Ok(env, status)) return nullptr;
  if (xla) {
    const char yes[] = {0x28, 0x01};  // AttrValue { b: true }
    TF_FunctionSetAttrValueProto(definition.get(), "_XlaMustCompile", yes, sizeof(yes), status.status);
    if (!Ok(env, status)) return nullptr;
  }

  TFE_Context *context = ContextOf(backend);
  if (TFE_ContextHasFunction(context, function->name.c_str())) {
    TFE_ContextRemoveFunction(context, function->name.c_str(), status.status);
    if (!Ok(env, status)) return nullptr;
  }
  TFE_ContextAddFunction(context, definition.get(), status.status);
  if (!Ok(env, status)) return nullptr;

  napi_value handle;
  napi_finalize finalize = [](napi_env, void *data, void *) { delete static_cast<Function *>(data); };
  if (!Ok(env, napi_create_external(env, function.get(), finalize, nullptr, &handle), "memory for a function")) {
    return nullptr;
  }
  function.release();
  return handle;
}

napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  std::string name;
  TFJSBackend *backend = BackendAndArguments(env, info, 1, arguments);
  if (backend == nullptr || !ReadString(env, arguments[0], &name, "a function's name")) return nullptr;
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(ContextOf(backend), name.c_str(), status.status);
  Ok(env, status);
  return nullptr;
}

napi_value HasFunction(napi_env env, napi_callback_info info) {
  napi_value arguments[1], result;
  std::string name;
  TFJSBackend *backend = BackendAndArguments(env, info, 1, arguments);
  if (backend == nullptr || !ReadString(env, arguments[0], &name, "a function's name")) return nullptr;
  napi_get_boolean(env, TFE_ContextHasFunction(ContextOf(backend), name.c_str()) != 0, &result);
  return result;
}

// Runs a function. targets[k] is the id of the tensor that output k replaces (a variable that nobody else refers to),
// or -1 for a new tensor, whose id is then written there. Nothing is replaced before the whole function succeeded, so
// an error leaves every variable as it was.
napi_value RunFunction(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  TFJSBackend *backend = BackendAndArguments(env, info, 3, arguments);
  if (backend == nullptr) return nullptr;
  Function *function = nullptr;
  Bytes input_bytes, target_bytes;
  if (!Ok(env, napi_get_value_external(env, arguments[0], reinterpret_cast<void **>(&function)), "a function") ||
      !ReadArray(env, arguments[1], napi_int32_array, &input_bytes, "ids of inputs as Int32Array") ||
      !ReadArray(env, arguments[2], napi_int32_array, &target_bytes, "targets as Int32Array")) {
    return nullptr;
  }
  const int32_t *inputs = static_cast<int32_t *>(input_bytes.data);
  int32_t *targets = static_cast<int32_t *>(target_bytes.data);
  if (target_bytes.length != static_cast<size_t>(function->outputs)) {
    Throw(env, "nablab binding: expected " + std::to_string(function->outputs) + " targets, got " +
                   std::to_string(target_bytes.length));
    return nullptr;
  }
  for (int k = 0; k < function->outputs; ++k) {
    if (targets[k] >= 0 && FindHandle(env, backend, targets[k]) == nullptr) return nullptr;
  }

  TF_AutoStatus status;
  TFE_AutoOp op(TFE_NewOp(ContextOf(backend), function->name.c_str(), status.status));
  if (!Ok(env, status)) return nullptr;
  for (size_t i = 0; i < input_bytes.length; ++i) {
    TFE_TensorHandle *handle = FindHandle(env, backend, inputs[i]);
    if (handle == nullptr) return nullptr;
    TFE_OpAddInput(op.op, handle, status.status);
    if (!Ok(env, status)) return nullptr;
  }
  if (!function->executor.empty()) {
    TFE_OpSetAttrString(op.op, "executor_type", function->executor.data(), function->executor.size());
  }
  if (!function->config.empty()) {
    TFE_OpSetAttrString(op.op, "config_proto", function->config.data(), function->config.size());
  }
  std::vector<TFE_TensorHandle *> results(function->outputs, nullptr);
  int count = function->outputs;
  TFE_Execute(op.op, results.data(), &count, status.status);
  if (!Ok(env, status)) return nullptr;

  for (int k = 0; k < function->outputs; ++k) {
    if (targets[k] < 0) {
      targets[k] = (backend->*Granted(Insert()))(results[k]);
      continue;
    }
    TFE_TensorHandle *&slot = HandlesOf(backend)[targets[k]];
    TFE_DeleteTensorHandle(slot);
    slot = results[k];
  }
  return nullptr;
}

// The attributes of an op as TensorFlow completes them from its inputs (T, N, ...), which a graph needs spelled out.
napi_value DescribeOp(napi_env env, napi_callback_info info) {
  napi_value arguments[3], item;
  std::string name;
  TFJSBackend *backend = BackendAndArguments(env, info, 3, arguments);
  if (backend == nullptr || !ReadString(env, arguments[0], &name, "an op's name")) return nullptr;
  TF_AutoStatus status;
  TFE_AutoOp op(TFE_NewOp(ContextOf(backend), name.c_str(), status.status));
  if (!Ok(env, status)) return nullptr;
  uint32_t length = 0;
  if (!Ok(env, napi_get_array_length(env, arguments[2], &length), "an array of tensor ids")) return nullptr;
  for (uint32_t i = 0; i < length; ++i) {
    int32_t id;
    napi_get_element(env, arguments[2], i, &item);
    if (!Ok(env, napi_get_value_int32(env, item, &id), "a tensor id")) return nullptr;
    TFE_TensorHandle *handle = FindHandle(env, backend, id);
    if (handle == nullptr) return nullptr;
    TFE_OpAddInput(op.op, handle, status.status);
    if (!Ok(env, status)) return nullptr;
  }
  if (!Ok(env, napi_get_array_length(env, arguments[1], &length), "an array of attributes")) return nullptr;
  for (uint32_t i = 0; i < length; ++i) {
    napi_get_element(env, arguments[1], i, &item);
    tfnodejs::AssignOpAttr(env, op.op, item);
    if (tfnodejs::IsExceptionPending(env)) return nullptr;
  }
  Owned<TF_Buffer, TF_DeleteBuffer> buffer(TF_NewBuffer());
  TFE_OpAttrsSerialize(TFE_OpGetAttrs(op.op), buffer.get(), status.status);
  if (!Ok(env, status)) return nullptr;
  return NewBytes(env, buffer->data, buffer->length);
}

napi_value TensorShape(napi_env env, napi_callback_info info) {
  napi_value arguments[1], result;
  int32_t id;
  TFJSBackend *backend = BackendAndArguments(env, info, 1, arguments);
  if (backend == nullptr || !Ok(env, napi_get_value_int32(env, arguments[0], &id), "a tensor id")) return nullptr;
  TFE_TensorHandle *handle = FindHandle(env, backend, id);
  if (handle == nullptr) return nullptr;
  tfnodejs::GetTFE_TensorHandleShape(env, handle, &result);
  return tfnodejs::IsExceptionPending(env) ? nullptr : result;
}

// Runs a graph with a clock at every op. TensorFlow times the ops of a session only: its profiler has no C interface, and
// the metadata of functions hold their graphs without times. The session is a throw-away; what the graph computes is
// thrown away, too, so that a profile changes no variable.
napi_value ProfileGraph(napi_env env, napi_callback_info info) {
  napi_value arguments[6];
  TFJSBackend *backend = BackendAndArguments(env, info, 6, arguments);
  if (backend == nullptr) return nullptr;
  Bytes graph_bytes, input_bytes, config;
  std::vector<std::string> input_names, output_names;
  uint32_t runs = 0;
  if (!ReadArray(env, arguments[0], napi_uint8_array, &graph_bytes, "a GraphDef as Uint8Array") ||
      !ReadStrings(env, arguments[1], &input_names, "names of inputs") ||
      !ReadArray(env, arguments[2], napi_int32_array, &input_bytes, "ids of inputs as Int32Array") ||
      !ReadStrings(env, arguments[3], &output_names, "names of outputs") ||
      !ReadArray(env, arguments[4], napi_uint8_array, &config, "a ConfigProto as Uint8Array") ||
      !Ok(env, napi_get_value_uint32(env, arguments[5], &runs), "a number of runs") ||
      !Ok(env, input_bytes.length == input_names.size() ? napi_ok : napi_invalid_arg, "an id for each input")) {
    return nullptr;
  }

  TF_AutoStatus status;
  Owned<TF_Graph, TF_DeleteGraph> graph(TF_NewGraph());
  std::vector<TF_Output> inputs, outputs;
  if (!ImportGraph(env, graph.get(), graph_bytes) || !FindEnds(env, graph.get(), input_names, &inputs) ||
      !FindEnds(env, graph.get(), output_names, &outputs)) {
    return nullptr;
  }
  const int32_t *ids = static_cast<int32_t *>(input_bytes.data);
  std::vector<Owned<TF_Tensor, TF_DeleteTensor>> owned;
  std::vector<TF_Tensor *> values;
  for (size_t i = 0; i < inputs.size(); ++i) {
    TFE_TensorHandle *handle = FindHandle(env, backend, ids[i]);
    if (handle == nullptr) return nullptr;
    owned.emplace_back(TFE_TensorHandleResolve(handle, status.status));
    if (!Ok(env, status)) return nullptr;
    values.push_back(owned.back().get());
  }

  Owned<TF_SessionOptions, TF_DeleteSessionOptions> options(TF_NewSessionOptions());
  TF_SetConfig(options.get(), config.data, config.length, status.status);
  if (!Ok(env, status)) return nullptr;
  struct Session {
    TF_Session *session;
    ~Session() {
      TF_AutoStatus ignored;
      if (session != nullptr) TF_DeleteSession(session, ignored.status);
    }
  } session{TF_NewSession(graph.get(), options.get(), status.status)};
  if (!Ok(env, status)) return nullptr;

  const char full_trace[] = {0x08, 0x03};  // RunOptions { trace_level: FULL_TRACE }
  napi_value results;
  if (!Ok(env, napi_create_array_with_length(env, runs, &results), "memory")) return nullptr;
  for (uint32_t run = 0; run < runs; ++run) {
    Owned<TF_Buffer, TF_DeleteBuffer> how(TF_NewBufferFromString(full_trace, sizeof(full_trace)));
    Owned<TF_Buffer, TF_DeleteBuffer> metadata(TF_NewBuffer());
    std::vector<TF_Tensor *> fetched(outputs.size(), nullptr);
    TF_SessionRun(session.session, how.get(), inputs.data(), values.data(), static_cast<int>(inputs.size()),
                  outputs.data(), fetched.data(), static_cast<int>(outputs.size()), nullptr, 0, metadata.get(),
                  status.status);
    for (TF_Tensor *tensor : fetched) {
      if (tensor != nullptr) TF_DeleteTensor(tensor);
    }
    if (!Ok(env, status)) return nullptr;
    napi_value bytes = NewBytes(env, metadata->data, metadata->length);
    if (bytes == nullptr) return nullptr;
    napi_set_element(env, results, run, bytes);
  }
  return results;
}

napi_value Init(napi_env env, napi_value exports) {
  exports = tfnodejs::InitTFNodeJSBinding(env, exports);
  if (exports == nullptr || tfnodejs::IsExceptionPending(env)) return exports;
  napi_value added;
  if (!Ok(env, napi_create_object(env, &added), "memory")) return exports;
  const napi_property_descriptor entries[] = {
      {"describeOp", nullptr, DescribeOp, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"defineFunction", nullptr, DefineFunction, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"removeFunction", nullptr, RemoveFunction, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"hasFunction", nullptr, HasFunction, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"runFunction", nullptr, RunFunction, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"profileGraph", nullptr, ProfileGraph, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"tensorShape", nullptr, TensorShape, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  if (Ok(env, napi_define_properties(env, added, sizeof(entries) / sizeof(entries[0]), entries), "memory")) {
    napi_set_named_property(env, exports, "nablab", added);
  }
  return exports;
}

}  // namespace nablab

NAPI_MODULE_INIT() { return nablab::Init(env, exports); }
