extension StandardPatterns {
  /// Formatting, encoding, logging, and setting up what could be kept.
  static let requests = #"""
    # Text and other work around a request

    [group text]
    label = text formatting
      vsnprintf | __vfprintf_internal | __vsnprintf* | *printf | *String(format:*
      *.description.getter* | fmt.* | strconv.Format* | *DefaultStringInterpolation*
      *StringInterpolation.append*

    [group serialization]
    label = encoding and decoding
      encoding/json.* | *JSONEncoder* | *JSONDecoder* | *protojson* | encoding/xml.* | encoding/gob.*
      encoding/binary.Write | encoding/binary.Read | *proto.Marshal* | *proto.Unmarshal*
      google.golang.org/protobuf/* | *json-iterator* | *easyjson* | *yaml.* | *msgpack*
      google::protobuf::* | rapidjson::* | nlohmann::* | simdjson::*

    [group logging]
    label = logging
      *Logger.* | *logger.* | *Logging* | *logging.* | log.* | log/slog.* | Swift.print*
      *zap.(*Logger)* | *zerolog* | *logrus* | *spdlog* | syslog | *glog.* | *klog.* | *requestLog*
      *RequestLog* | *accessLog* | *AccessLog* | *auditLog* | *AuditLog*

    [group setup]
    label = setting up what could be kept
      regexp.Compile* | regexp.MustCompile* | regexp/syntax.* | compress/flate.NewWriter*
      compress/flate.(*compressor).init | compress/gzip.NewWriter* | crypto/tls.(*Conn).*andshake*
      crypto/x509.* | text/template.(*Template).Parse | html/template.(*Template).Parse
      time.LoadLocation* | crypto/aes.NewCipher | deflateInit* | inflateInit* | ZSTD_create*
      std::__detail::_Compiler* | std::basic_regex* | std::locale::locale | pcre2_compile*
      SSL_CTX_new | SSL_do_handshake | regcomp | *NSRegularExpression*init*
      *_StringProcessing.Regex*init*
    """#
}
