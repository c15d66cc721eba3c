;; Read hover and diagnostics as Emacs gets them; write them to the report as JSON.  -*- lexical-binding: t -*-
(require 'package)
(package-initialize)
(require 'eglot)
(require 'json)

(defvar given (json-parse-string (getenv "CONV_LSP_TEST") :object-type 'alist :array-type 'list))
(defun given (key) (alist-get key given))

(defun patient (what condition)
  "Let Emacs work until CONDITION holds; fail with WHAT if it never does."
  (let ((until (+ (float-time) 30)))
    (while (not (funcall condition))
      (when (> (float-time) until) (error "never happened: %s" what))
      (accept-process-output nil 0.1))))

(setq eglot-sync-connect 30 eglot-autoshutdown t)
(add-to-list 'eglot-server-programs `(python-mode . ,(given 'server)))
(find-file (given 'file))
(call-interactively #'eglot)
(let ((server (eglot-current-server)) hover)
  (goto-char (point-min))
  (search-forward (given 'at))
  (goto-char (match-beginning 0))
  (setq hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams)))
  (flymake-start nil)
  (patient "diagnostics" #'flymake-diagnostics)
  (let ((count (length (flymake-diagnostics)))
        (found (car (flymake-diagnostics))))
    (with-temp-file (given 'report)
      (insert (json-serialize
               (list :hover (plist-get (plist-get hover :contents) :value)
                     :message (flymake-diagnostic-text found)
                     :underlined (with-current-buffer (flymake-diagnostic-buffer found)
                                   (buffer-substring-no-properties
                                    (flymake-diagnostic-beg found) (flymake-diagnostic-end found)))
                     :count count)))))
  (eglot-shutdown server))
