// Shows the document that the page names. Requests that are tried out go to this installation.
const reference = document.getElementById("reference");
SwaggerUIBundle({
    domNode: reference,
    url: reference.dataset.document,
    deepLinking: true,
    docExpansion: "list",
    filter: true,
    validatorUrl: null, // the default sends the document to a site outside
});
