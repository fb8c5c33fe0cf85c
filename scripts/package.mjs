// @ts-check
// `npm run package`: builds the extension and makes the VSIX file that users install.
import path from 'node:path';
import { ensureDependencies } from './lib/ensureDependencies.mjs';
import { packageProduct } from './lib/packageExtension.mjs';
import { repoRoot } from './lib/paths.mjs';
import { runMain } from './lib/progress.mjs';

runMain(async () => {
  await ensureDependencies();
  const { vsix, bytes, listing } = await packageProduct();
  console.log(listing);
  console.log(`${path.relative(repoRoot, vsix)}: ${(bytes / 1024).toFixed(0)} KB`);
  console.log(`Install it with: code --install-extension ${path.relative(process.cwd(), vsix)}`);
  return 0;
});
