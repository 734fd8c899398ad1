// Viewer request of short links. Older browsers mark a prefetch with other headers. All
// become Sec-Purpose, because an origin request policy lists at most ten headers. A
// percent sign that begins no escape is escaped, as browsers do in a query: API Gateway
// would refuse such a path with its own answer.
function handler(event) {
    var request = event.request;
    var headers = request.headers;
    ['purpose', 'x-purpose', 'x-moz'].forEach(function (name) {
        if (headers[name] && !headers['sec-purpose']) {
            headers['sec-purpose'] = { value: headers[name].value };
        }
    });
    request.uri = request.uri.replace(/%(?![0-9A-Fa-f]{2})/g, '%25');
    return request;
}
