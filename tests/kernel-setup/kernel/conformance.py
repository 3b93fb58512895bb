"""The conformance test of the Jupyter project with every sample filled in, for the kernel named in KERNEL_NAME."""

import os
import unittest

import jupyter_kernel_test as jkt

NAME = os.environ.get("KERNEL_NAME", "tslab")


class Conformance(jkt.KernelTests):
    kernel_name = NAME
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "Math.sqr", "matches": {"sqrt", "SQRT2", "SQRT1_2"}},
        {"text": "process.stdou", "matches": {"stdout"}},
    ]
    complete_code_samples = ["1", "console.log('hello')", "await Promise.resolve(1)", "if (true) { f(); }\n\n"]
    incomplete_code_samples = ["function f() {", "console.log(", "const a = [1,", "class A {"]
    invalid_code_samples = ["const = 3", "let 1x = 2"]
    code_page_something = "console.log?"
    code_generate_error = "throw new Error('expected')"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2].map((x) => x * x)", "result": "[ 1, 4 ]"},
        {"code": "'<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>'", "mime": "image/svg+xml"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<b>bold</b>')", "mime": "text/html"},
        {"code": "display.markdown('*hi*')", "mime": "text/markdown"},
        {"code": "display.png(Buffer.from('iVBORw0KGgo=', 'base64'))", "mime": "image/png"},
    ]
    code_history_pattern = "1 ? 2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "console.log"
    code_clear_output = "clearOutput({ wait: true })"


class Welcome(jkt.IopubWelcomeTests):
    kernel_name = NAME
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
