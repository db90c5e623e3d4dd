/* Draws the operator's map from our own tiles and moves the cars on it as the stream tells.
   Without it the page shows the same as a picture and in rows. */
(function () {
  "use strict";

  var box = document.getElementById("live-map");
  var kept = document.getElementById("live-settings");
  if (!box || !kept || !window.maplibregl || !window.EventSource) {
    return;
  }
  var settings = JSON.parse(kept.textContent);
  var words = settings.words;
  var state = document.getElementById("live-state");
  var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var cars = {};
  var plan = document.getElementById("live-cars").dataset.plan;

  function absolute(path) {
    return new URL(path, location.href).href.replace(/%7B/g, "{").replace(/%7D/g, "}");
  }

  function line(coordinates, number) {
    return { type: "Feature", properties: { number: number }, geometry: { type: "LineString", coordinates: coordinates } };
  }

  function style() {
    return {
      version: 8,
      sources: {
        service: { type: "vector", tiles: [absolute(settings.tiles)], maxzoom: settings.finest, attribution: settings.attribution },
        ways: { type: "geojson", data: { type: "FeatureCollection", features: [] } }
      },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": "#f8f8fb" } },
        { id: "area", type: "fill", source: "service", "source-layer": "area", paint: { "fill-color": "#e6f5ec" } },
        { id: "edge", type: "line", source: "service", "source-layer": "area", paint: { "line-color": "#197a4b", "line-width": 2, "line-dasharray": [3, 2] } },
        { id: "roads", type: "line", source: "service", "source-layer": "roads", layout: { "line-cap": "round" }, paint: { "line-color": "#9a9a9a", "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.8, 16, 7] } },
        { id: "closed", type: "line", source: "service", "source-layer": "roads", filter: ["in", ["get", "road"], ["literal", []]], paint: { "line-color": "#a90000", "line-width": 6, "line-dasharray": [1, 1] } },
        { id: "chosen", type: "line", source: "service", "source-layer": "roads", filter: ["==", ["get", "road"], ""], paint: { "line-color": "#000000", "line-width": 8, "line-opacity": 0.5 } },
        { id: "ways", type: "line", source: "ways", layout: { "line-join": "round" }, paint: { "line-color": "#0055ad", "line-width": 4, "line-opacity": 0.8 } }
      ]
    };
  }

  function mark(kind, text) {
    var element = document.createElement("div");
    element.className = kind;
    var label = document.createElement("span");
    label.textContent = text;
    element.appendChild(label);
    return element;
  }

  maplibregl.setWorkerUrl(absolute(settings.worker));
  box.hidden = false;
  var map;
  try {
    map = new maplibregl.Map({
      container: box, style: style(), bounds: settings.bounds, fitBoundsOptions: { padding: 50 }, locale: words,
      maxZoom: 18, dragRotate: false, pitchWithRotate: false, attributionControl: { compact: false }, fadeDuration: 0
    });
  } catch (error) {
    // No WebGL on this machine: the picture stays.
    box.hidden = true;
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  document.getElementById("live-still").hidden = true;
  settings.stops.forEach(function (stop) {
    new maplibregl.Marker({ element: mark("live-stop", stop[2]), anchor: "top", offset: [0, -6] }).setLngLat([stop[0], stop[1]]).addTo(map);
  });

  /* Roads are chosen with a tap, or in the list: the list is what is sent. */
  var list = document.getElementById("road");
  if (list) {
    document.getElementById("live-choose").hidden = false;
    map.on("click", function (event) {
      var near = [[event.point.x - 8, event.point.y - 8], [event.point.x + 8, event.point.y + 8]];
      var found = map.queryRenderedFeatures(near, { layers: ["roads"] })[0];
      if (!found) {
        return;
      }
      var road = found.properties.road;
      if (!Array.from(list.options).some(function (option) { return option.value === road; })) {
        list.add(new Option(words.road.replace("%(road)s", road), road));
      }
      list.value = road;
      document.getElementById("close-road").open = true;
      list.dispatchEvent(new Event("change"));
    });
    list.addEventListener("change", function () {
      map.setFilter("chosen", ["==", ["get", "road"], list.value]);
    });
  }

  function drive(car, to) {
    var from = car.marker.getLngLat();
    var far = Math.abs(from.lng - to[0]) + Math.abs(from.lat - to[1]) > 0.02;
    cancelAnimationFrame(car.frame);
    if (still || far) {
      car.marker.setLngLat(to);
      return;
    }
    var begun = performance.now();
    function step(now) {
      var share = Math.min((now - begun) / 2000, 1);
      car.marker.setLngLat([from.lng + (to[0] - from.lng) * share, from.lat + (to[1] - from.lat) * share]);
      if (share < 1) {
        car.frame = requestAnimationFrame(step);
      }
    }
    car.frame = requestAnimationFrame(step);
  }

  function tell(text, live) {
    if (state.textContent !== text) {
      state.textContent = text;
    }
    state.hidden = false;
    state.toggleAttribute("data-live", live);
  }

  function onCars(event) {
    JSON.parse(event.data).forEach(function (told) {
      var number = told[0], to = [told[2], told[1]], late = told[3];
      var car = cars[number];
      if (!car) {
        var element = mark("live-car", String(number));
        car = cars[number] = { marker: new maplibregl.Marker({ element: element, anchor: "bottom", offset: [0, -6] }).setLngLat(to).addTo(map), element: element, frame: 0 };
        element.removeAttribute("aria-label");
      }
      car.element.firstChild.textContent = late ? number + " +" + late + words.late : String(number);
      car.element.classList.toggle("is-late", late > 0);
      car.element.classList.toggle("is-off", told[4] === "off");
      drive(car, to);
    });
    box.dataset.cars = event.data;
  }

  function onBoard(event) {
    var told = JSON.parse(event.data);
    function draw() {
      var features = Object.keys(told.ways).filter(function (number) { return told.ways[number].length > 1; });
      map.getSource("ways").setData({ type: "FeatureCollection", features: features.map(function (number) { return line(told.ways[number], number); }) });
      map.setFilter("closed", ["in", ["get", "road"], ["literal", told.closed]]);
    }
    if (map.isStyleLoaded()) {
      draw();
    } else {
      map.once("load", draw);
    }
    if (String(told.plan) !== plan) {
      plan = String(told.plan);
      tell(words.changed, true);
    }
    freshen();
  }

  var waiting = false, first = true;
  function freshen() {
    if (first) {
      // The page has just been drawn from the same state.
      first = false;
      return;
    }
    if (waiting) {
      return;
    }
    waiting = true;
    fetch(settings.part, { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("live-cars");
      var old = document.getElementById("live-cars");
      // Whoever stands on a link in it keeps it.
      if (fresh && !old.contains(document.activeElement)) {
        old.replaceWith(document.importNode(fresh, true));
      }
    }).catch(function () {}).then(function () {
      waiting = false;
    });
  }

  tell(words.waiting, false);
  var source = new EventSource(settings.events);
  source.addEventListener("cars", function (event) {
    if (state.textContent !== words.changed) {
      tell(words.connected, true);
    }
    onCars(event);
  });
  source.addEventListener("board", onBoard);
  source.addEventListener("error", function () {
    if (source.readyState === EventSource.CLOSED) {
      tell(words.waiting, false);
    }
  });
  window.addEventListener("pagehide", function () {
    source.close();
  });
  map.on("load", function () {
    box.dataset.ready = "yes";
  });
})();
