import { render } from 'preact';
import './theme.css';
import './ui/ui.css';
import './shell/shell.css';
import './shell/theme.ts';
import { App } from './shell/App.tsx';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
