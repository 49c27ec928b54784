import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'test-results', 'src/api/schema.ts'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  reactHooks.configs.flat['recommended-latest'],
  jsxA11y.flatConfigs.strict,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 300 }],
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // Most exist only in secure contexts: TaskHub also runs on plain http.
      'no-restricted-properties': [
        'error',
        { object: 'crypto', property: 'randomUUID', message: 'Use newId() of src/ui/ids.ts.' },
        { object: 'crypto', property: 'subtle', message: 'It is missing on plain http.' },
        { object: 'navigator', property: 'clipboard', message: 'Use copyText() of src/ui/clipboard.ts.' },
        { object: 'navigator', property: 'serviceWorker', message: 'It is missing on plain http.' },
        { object: 'navigator', property: 'locks', message: 'It is missing on plain http: see oneAtATime of src/auth/lock.ts.' },
        { property: 'invalidateQueries', message: 'It leaves a first read as it is: use readAnew() of src/live/readAnew.ts.' },
      ],
      // Sheets and the inline editors take the focus because the user asked for them.
      'jsx-a11y/no-autofocus': 'off',
      'jsx-a11y/label-has-associated-control': ['error', { assert: 'either' }],
    },
  },
  { files: ['src/ui/clipboard.ts', 'src/auth/lock.ts', 'src/live/readAnew.ts', 'e2e/**'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['eslint.config.js'], rules: { 'max-lines': 'off' } },
  { files: ['e2e/**', '*.ts'], languageOptions: { globals: globals.node }, rules: { 'no-console': 'off' } },
  // Playwright's fixtures call what they are given `use`.
  { files: ['e2e/**'], rules: { 'react-hooks/rules-of-hooks': 'off' } },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
