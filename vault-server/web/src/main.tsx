// The application's beginning.
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { prepare } from './words';
import './page.css';

/* Styles that libraries put into the page bear the number of this answer, or the policy refuses them. */
const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';
const make = document.createElement.bind(document);
document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const element = make(name, options);
  if (name === 'style') element.setAttribute('nonce', nonce);
  return element;
}) as typeof document.createElement;

await prepare();
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
