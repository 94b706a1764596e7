// What shows when the page cannot start or has stopped: a classic script, loaded before all others.
// It must work when nothing else does, so it depends on nothing.
(function () {
  'use strict';

  var shown = false;

  window.avowRescue = function (error) {
    if (shown) return;
    shown = true;
    var loading = document.getElementById('loading');
    if (loading) loading.remove();
    var box = document.createElement('div');
    box.className = 'start-message';
    box.setAttribute('role', 'alert');
    var what = document.createElement('p');
    what.textContent = 'Avow could not go on: ' + (error && error.message ? error.message : String(error));
    box.append(what);
    document.body.prepend(box);
  };
})();
