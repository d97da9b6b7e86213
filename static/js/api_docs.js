// Shows our own document with files of our own; a request that changes something carries the
// token of this session.
"use strict";
(function () {
  const place = document.getElementById("swagger-ui");
  const token = function () {
    const name = place.dataset.cookie + "=";
    const found = document.cookie.split("; ").find(function (one) {
      return one.startsWith(name);
    });
    return found ? found.slice(name.length) : "";
  };
  window.SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    defaultModelsExpandDepth: -1,
    validatorUrl: null,
    requestInterceptor: function (request) {
      if (request.method === "POST") {
        request.headers["X-CSRFToken"] = token();
      }
      return request;
    },
  });
})();
