// Viewer request of the API, which reads all credentials from one header: the session of a
// browser becomes `Authorization: Session ORIGIN TOKEN`, unless there is an API key. ORIGIN is
// same-origin if a page of this site sent the request; other requests must not write
// (functions/authorize). Browsers without Sec-Fetch-Site send Origin with writes. The space that
// the request names is appended, because API Gateway caches the authorizer's answers by this header.
function handler(event) {
    var request = event.request;
    var headers = request.headers;
    var cookie = request.cookies['__Host-session'];
    if (cookie && !headers.authorization) {
        var site = headers['sec-fetch-site'];
        var own = site ? site.value === 'same-origin' : headers.origin && headers.origin.value === 'https://' + headers.host.value;
        var space = headers['minim-space'] && headers['minim-space'].value;
        headers.authorization = { value: 'Session ' + (own ? 'same-origin' : 'other') + ' ' + cookie.value + (space ? ' ' + space : '') };
    }
    return request;
}
