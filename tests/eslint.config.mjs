// Lint with types: what the compiler lets pass and a training loop would pay for.
import tseslint from "typescript-eslint";

export default tseslint.config({ ignores: ["**/dist/**", "**/*.cjs", "**/*.mjs"] }, ...tseslint.configs.recommended, {
  languageOptions: {
    parserOptions: {
      project: ["./lib/tsconfig.json", "./kernel-setup/tsconfig.json", "./tests/tsconfig.json"],
      tsconfigRootDir: new URL("..", import.meta.url).pathname,
    },
  },
  rules: {
    "@typescript-eslint/no-floating-promises": "error",
    "@typescript-eslint/no-misused-promises": "error",
    "@typescript-eslint/await-thenable": "error",
    "@typescript-eslint/switch-exhaustiveness-check": "error",
    "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
  },
});
