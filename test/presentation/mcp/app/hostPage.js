// A host as small as one can be, in the page around the view: everything that the view asks for goes to the test.
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

const frame = document.querySelector('iframe');
const { context, capabilities } = window.asked;
const bridge = new AppBridge(null, { name: 'test-host', version: '1' }, capabilities, {
  hostContext: context,
});
window.bridge = bridge;
bridge.oncalltool = (params) => window.callTool(params);
bridge.onreadresource = (params) => window.readResource(params);
bridge.onopenlink = async ({ url }) => {
  await window.openLink(url);
  return {};
};
bridge.onsizechange = ({ height }) => {
  if (height !== undefined) frame.style.height = `${height}px`;
};
bridge.oninitialized = () => window.initialized();
await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
frame.src = '/view';
