import { render } from 'preact';
import '../page/theme.css';
import '../page/ui/ui.css';
import '../page/job/job.css';
import '../page/job/panel/panel.css';
import './app.css';
import { beginVisit } from './data/visit.ts';
import { noteClicks } from './view/noteClicks.ts';
import { View } from './view/View.tsx';

noteClicks(document);
const root = document.getElementById('app');
if (root !== null) render(<View visit={beginVisit()} />, root);
