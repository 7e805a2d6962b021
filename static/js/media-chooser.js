/* The chooser of pictures: Wagtail's own, which also shows the picture that was chosen. */
(() => {
  class MediaChooser extends window.Chooser {
    initHTMLElements(id) {
      super.initHTMLElements(id);
      this.picture = this.chooserElement.querySelector("[data-chooser-image]");
    }

    getStateFromHTML() {
      const state = super.getStateFromHTML();
      if (state && this.picture) state.preview = this.picture.getAttribute("src");
      return state;
    }

    renderState(state) {
      super.renderState(state);
      if (this.picture) this.picture.setAttribute("src", state.preview);
    }
  }
  window.MediaChooser = MediaChooser;
})();
