# Finds a JDK 25. To be sourced by a POSIX shell:
#
#   . .mvn/jdk.sh
#   find_jdk || exit        # sets JDK to its folder; else says what to do and returns 4

JDK_FEATURE=25

# Whether folder $1 holds a JDK of the wanted version. Its `release` file tells; no Java is started.
is_jdk() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r jdk_line; do
    case $jdk_line in
      "JAVA_VERSION=\"$JDK_FEATURE\""* | "JAVA_VERSION=\"$JDK_FEATURE".* | \
        "JAVA_VERSION=\"$JDK_FEATURE"[+-]*) return 0 ;;
    esac
  done < "$1/release"
  return 1
}

find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME"; then
    JDK=$JAVA_HOME
    return 0
  fi
  jdk_java=$(command -v java 2> /dev/null) || jdk_java=
  if [ -n "$jdk_java" ]; then
    jdk_java=$(readlink -f "$jdk_java" 2> /dev/null) || jdk_java=
    jdk_java=${jdk_java%/bin/java}
    if [ -n "$jdk_java" ] && is_jdk "$jdk_java"; then
      JDK=$jdk_java
      return 0
    fi
  fi
  for jdk_folder in /usr/lib/jvm/* /usr/java/* /opt/* /opt/*/* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    /opt/homebrew/opt/openjdk@$JDK_FEATURE /usr/local/opt/openjdk@$JDK_FEATURE; do
    for JDK in "$jdk_folder" "$jdk_folder/Contents/Home"; do
      is_jdk "$JDK" && return 0
    done
  done
  if [ -x /usr/libexec/java_home ]; then
    JDK=$(/usr/libexec/java_home -F -v $JDK_FEATURE 2> /dev/null) && is_jdk "$JDK" && return 0
  fi
  # A java on the PATH that is neither the JDK's own file nor a link to it.
  if [ -n "$(command -v java 2> /dev/null)" ]; then
    JDK=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    [ -n "$JDK" ] && is_jdk "$JDK" && return 0
  fi
  JDK=
  cat >&2 << END
thimble: found no JDK $JDK_FEATURE (looked at JAVA_HOME, the PATH, /usr/lib/jvm, /opt, ~/.sdkman and ~/.jdks)
remedy: install one, for example from https://adoptium.net/temurin/releases/?version=$JDK_FEATURE,
        and unpack it below /opt or set JAVA_HOME to its folder
END
  return 4
}
