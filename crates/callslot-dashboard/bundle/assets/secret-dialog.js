import{__toESM as e}from"./rolldown-runtime.js";
import{require_jsx_runtime as t,require_react as n}from"./packages.js";
import{Button as r,Dialog as i,INPUT_LOOK as a,Note as o,ORG_HEADER as s,api as c,bodyOf as l,copyText as u}from"./shared.js";
var d=`keys`,f=1e3,p=20,m={onRequest({request:e}){return e.headers.delete(s),e}};
function h(e){return _([],e)}
async function g(e){let{keys:t,hasMore:n}=await _([m],e);return{keys:t.filter(({role:e})=>e===`operator`),hasMore:n}}
async function _(e,t){let n=[],r=null;for(let i=0;i<p;i+=1){let i={limit:f};r!==null&&(i.cursor=r);let a=await l(c.GET(`/v1/keys`,{params:{query:i},middleware:e,signal:t}));if(n.push(...a.items),r=a.next??null,r===null)break}return{keys:n,hasMore:r!==null}}
function v(e,t,n){return l(c.POST(`/v1/keys`,{body:{name:e,role:t,...C(n)}}))}
function y(e){return l(c.POST(`/v1/keys`,{body:{name:`first admin`,role:`admin`},middleware:[{onRequest({request:t}){return t.headers.set(s,e),t}}]}))}
function b({id:e,org:t},n,r){let i={grace_s:n,...C(r)},a={path:{id:e}};return l(c.POST(`/v1/keys/{id}/rotate`,{params:a,body:i,middleware:S(t)}))}
async function x({id:e,org:t}){let n={path:{id:e}};await l(c.DELETE(`/v1/keys/{id}`,{params:n,middleware:S(t)}))}
function S(e){return e===null?[m]:[]}
function C(e){return e===void 0?{}:{expires_in_s:e}}
var w=e(n(),1),T=t();
function E(e){let{what:t}=e,n=(0,w.useRef)(null),[i,s]=(0,w.useState)();return(0,T.jsxs)(T.Fragment,{children:[(0,T.jsxs)(`div`,{className:`flex gap-2`,children:[(0,T.jsx)(`input`,{ref:n,readOnly:!0,"aria-label":`The ${t}`,value:e.secret,onFocus:e=>e.target.select(),onCopy:e.onCopied,className:`${a} min-w-0 font-mono text-xs`}),(0,T.jsx)(r,{kind:`primary`,autoFocus:!0,onClick:async()=>{let t=await u(e.secret);t?e.onCopied():n.current?.select(),s(t?`copied`:`barred`)},children:(0,T.jsx)(`span`,{className:`min-w-14`,children:i===`copied`?`Copied`:`Copy`})})]}),(0,T.jsx)(`p`,{role:`status`,className:`sr-only`,children:i===`copied`?`Copied the ${t}.`:``}),i===`barred`&&(0,T.jsxs)(o,{kind:`warning`,role:`alert`,children:[`The browser does not allow this page to copy. The `,t,` is selected: copy it with the keyboard.`]}),e.isWarned&&i!==`copied`&&(0,T.jsx)(o,{kind:`warning`,role:`alert`,children:`You have not copied the secret, and it cannot be shown again. Without it, the key is useless.`}),(0,T.jsx)(`p`,{className:`text-muted`,children:e.children}),(0,T.jsx)(`div`,{className:`flex justify-end`,children:(0,T.jsx)(r,{onClick:e.onClose,children:e.isWarned&&i!==`copied`?`Close without copying`:`Done`})})]})}
function D(e){let[t,n]=(0,w.useState)(!1),[r,a]=(0,w.useState)(!1),o=()=>{t||r?e.onClose():a(!0)};return(0,T.jsxs)(i,{title:e.title,description:e.description,isOpen:!0,onClose:o,children:[e.children,(0,T.jsxs)(E,{what:`secret`,secret:e.secret,isWarned:r,onCopied:()=>n(!0),onClose:o,children:[`Keep it like a password. Programs read it from `,(0,T.jsx)(`code`,{children:`CALLSLOT_KEY`}),`.`]})]})}
export{d as KEYS,E as NewSecret,D as SecretDialog,y as makeFirstKey,v as makeKey,g as readOperatorKeys,h as readOrgKeys,x as revokeKey,b as rotateKey};
