/**
 * SHA-256 of the keys (SubjectPublicKeyInfo) of well-known timestamp authorities' roots: a selection, by operator, of the
 * list that the .NET SDK 10.0.401 checks timestamps with (trustedroots/timestampctl.pem).
 */
export const TIMESTAMP_ROOTS: ReadonlySet<string> = new Set([
  "bd153ed7b0434f6886b17bce8bbe84ed340c7132d702a8f4fa318f756ecbd6f3", // AAA Certificate Services
  "942a6916a6e4ae527711c5450247a2a74fb8e156a8254ca66e739a11493bb445", // AddTrust External CA Root
  "006d7be7555dd82026442c4f1a27a80e89a1989cb87b34448ed2194c18196d5e", // COMODO Certification Authority
  "e7ca91bbfbb18788057b3a8070446ea5291160194102f7dcc3b9848c63cb9cd5", // COMODO ECC Certification Authority
  "82b5f84daf47a59c7ab521e4982aefa40a53406a3aec26039efa6b2e0e7244c1", // COMODO RSA Certification Authority
  "9736ac3b25d16c45a45418a964578156480a8cc434541ddc5dd59233229868de", // Certum CA
  "de7b6932e9c44582ce0de07abdab7eea90c75d6d2a07331df57bd5cb88553d13", // Certum EC-384 CA
  "aa2630a7b617b04d0a294bab7a8caaa5016e6dbe604837a83a85719fab667eb5", // Certum Trusted Network CA
  "681dc482c296c8402c6ebb20e68309a3bc846523ae34b984a84ee697a3312db7", // Certum Trusted Root CA
  "23f2edff3ede90259a9e30f40af8f912a5e5b3694e6938440341f6060e014ffa", // DigiCert Assured ID Root CA
  "f1c6ba670cfc88e4df52973cae420f0a089dd474144fe5806c420064e1591229", // DigiCert Assured ID Root G2
  "15eed339594b304f8cf847b477371d8d6fec61f4db2b01af589e7c53b35cae4c", // DigiCert Assured ID Root G3
  "8a6e2e9bcec665a03c24d24a1efe631881a8c4a54c96fe00160fa7b0cc535fcd", // DigiCert CS ECC P384 Root G5
  "3d670d34613295d78f1561d180934abb41c43e59390e7d4eda53245a763ff670", // DigiCert CS RSA4096 Root G5
  "bdaccbf2e8b27c0c02a689ee866c9b86ec04442afcdddd5d4ec36def21e761dd", // DigiCert ECC P384 Root G5
  "aff988906dde12955d9bebbf928fdcc31cce328d5b9384f21c8941ca26e20391", // DigiCert Global Root CA
  "8bb593a93be1d0e8a822bb887c547890c3e706aad2dab76254f97fb36b82fc26", // DigiCert Global Root G2
  "b94c198300cec5c057ad0727b70bbe91816992256439a7b32f4598119dda9c97", // DigiCert Global Root G3
  "5a889647220e54d6bd8a16817224520bb5c78e58984bd570506388b9de0f075f", // DigiCert High Assurance EV Root CA
  "a495c8d110e8b9e200f370aeda3ff92ee43f8e3d4ec0db1c0dc58bd762880ba5", // DigiCert RSA4096 Root G5
  "59df317bfa9f4f0ab7ca514d7772296aa2c765b87664d08b96e57399e364729c", // DigiCert Trusted Root G4
  "1fe851d6d28421fbaea0714a85c5e63cbe46e1977b2f37b95c8edebe08d64b50", // Entrust Code Signing Root Certification Authority - CSBR1
  "ddeda8653ac4b1c5576e9e727e8a5e9b943bd8de1f21698bbec86f3f7b0d22b1", // Entrust Digital Signing Root Certification Authority - DSR1
  "6dbfae00d37b9cd73f8fb47de65917af00e0dddf42dbceac20c17c0275ee2095", // Entrust Root Certification Authority
  "fea2b7d645fba73d753c1ec9a7870c40e1f7b0c561e927b985bf711866e36f22", // Entrust Root Certification Authority - EC1
  "76ee8590374c715437bbca6bba6028eadde2dc6dbbb8c3f610e851f11d1ab7f5", // Entrust Root Certification Authority - G2
  "36d7c79f3d089a0ff79972d90923dea5ca76b4ccbaf7c2751cb152e9494f52d0", // Entrust Root Certification Authority - G4
  "1ea3c5e43ed66c2da2983a42a4a79b1e906786ce9f1b58621419a00463a87d38", // Entrust.net Certification Authority (2048)
  "682747f8ba621b87cdd3bc295ed5cabce722a1c0c0363d1d68b38928d2787f1e", // GlobalSign
  "7e0ead76bb6819dc2f54511a84354f6e8b307b9dd82058ea6c004f01d9dda5df", // GlobalSign
  "08b3a6335fce5ef48f8f0e543986c07fd18a3b1226129f61864bbd5bdd1f1cc9", // GlobalSign
  "706bb1017c855c59169bad5c1781cf597f12d2cad2f63d1a4aa37493800ffb80", // GlobalSign
  "8a27b5557b4bec7cc0305fbf3d53d1f71cd3f34910c5d65e27ecddb82077ba3d", // GlobalSign
  "2bcee858158cf5465fc9d76f0dfa312fef25a4dca8501da9b46b67d1fbfa1b64", // GlobalSign Root CA
  "16b0d55042a7d9ceb2f1204aa64c65b3a9046e9ecf1bef5421f3d2be1bc5ffac", // GlobalSign Timestamping Root R45
  "2a8f2d8af0eb123898f74c866ac3fa669054e23c17bc7a95bd0234192dc635d0", // Go Daddy Root Certificate Authority - G2
  "07e854f26a7cbd389927aa041bfef1b6cd21dd143818ad947dc655a9e587fe88", // IdenTrust Commercial Root CA 1
  "58dd61feb36ea7d258724371709149cb121337864cacb2d0999ad20739d06477", // IdenTrust Public Sector Root CA 1
  "68ded9a203ff6e367e12aa49977cd200f7127a800faa6f859f0bafed8286a4fb", // Microsoft ECC Product Root Certificate Authority 2018
  "c5750bf85f459fb70e2b6cd1898d375e92d7938e47a6e034cce0c12d30372ccd", // Microsoft ECC TS Root Certificate Authority 2018
  "dedb13bcde2375995a1c37bd68a7c4a82af5cbb9c4df821b62d5733009028f07", // Microsoft Identity Verification Root Certificate Authority 2020
  "4462c107c485dd6a5443f5e7a1604416034a374c3f4d10875f1c3715027563af", // Microsoft Root Authority
  "df530bac9fcd914c252c2fbdceddc6183d4ae8c680ad65f03e204861dd7b1c73", // Microsoft Root Certificate Authority
  "c9905b0ee01202293ca026e64f08412442c5504c06e44ca7e9726d61f20e4089", // Microsoft Root Certificate Authority 2010
  "02376d0908ac23041cc7d666d9daf192554f7fc36317aa9cb800908616b28af8", // Microsoft Root Certificate Authority 2011
  "fc02a49e2e1e8e488ca2912135572cc2f8e71bb0e2f28596b3722299f5cb9c62", // Microsoft Time Stamp Root Certificate Authority 2014
  "60e385d9f6e6906e85e43f9eb0e43e652719319e9c80a6146891be23af5fe2e9", // NO LIABILITY ACCEPTED\
  "675605f1567e25fbd2526befea2aefbdb2279f3e1baa3a303ae7555d1bda3ee4", // OpenTrust Root CA G2
  "891ff898e4a8d555140056e3176eea91f4d808ee7f6d1bfbcce6f84807639f91", // OpenTrust Root CA G3
  "67a84264d42e204a9a5b0a3667b951db22c505df95ed983b5e8c4d1fce77af43", // PosDigicert Class 2 Root CA G2
  "272e471daded5c939599be3f826de3b8fdc5343562949b2f6d513c6526be3b66", // SSL.com Code Signing ECC Root CA 2022
  "a828d6f2e0162f2e43463c1e97c1315510caca765ae2e6e53fd3eabbd2e1ad00", // SSL.com Code Signing RSA Root CA 2022
  "348767cdad3bdd28b2b8dd5351aec30c68cec5cd69d276df3827dbc4f5806464", // SSL.com EV Root Certification Authority ECC
  "42a807cec5ae9c0f03b40ca043ac70468b5219bd75cc5bbea51d921dd100156f", // SSL.com EV Root Certification Authority RSA
  "7cd67c248f69d83fc2f9bb01dcb1f7ad67a363d046043796d0984c3a231f6bb0", // SSL.com EV Root Certification Authority RSA R2
  "a320f4d534d7be97c1ae8dd0499735bc895c323add2d388bfccf662c23d7f99a", // SSL.com Root Certification Authority ECC
  "d1c45377ebdcd618cd1651dc2e02c21d751e5aa9fcd1b3431ff6ecf6a31348fa", // SSL.com Root Certification Authority RSA
  "c39ee6ddcc1f6c0179d9f4584d08cd4926a9f1350cb09b3f5aa435f41f4ca1eb", // Sectigo Public Time Stamping Root E46
  "a4db8668c6796ebf476ddc5ace453a9260dbd4dbb09f51ecec9a839003824795", // Sectigo Public Time Stamping Root R46
  "808d68b3fab4884a5f971ace7d10550d7a95a163774f3ec36afffb213fbe4c74", // Starfield Root Certificate Authority - G2
  "4ba24996ddee6f8e1fcec0aa9eccfd3aa5477b3ef8f5f85f0a06073f97522857", // Starfield Services Root Certificate Authority
  "2b071c59a0a0ae76b0eadb2bad23bad4580b69c3601b630c2eaf0613afa83f92", // Starfield Services Root Certificate Authority - G2
  "809f2baae35afb4f36bd6476ce75c2001077901b6af5c4dab82e188c6b95c1a1", // Symantec Class 3 Public Primary Certification Authority - G4
  "95735473bd67a3b95a8d5f90c5a21ace1e0d7947320674d4ab847972b91544d2", // Symantec Class 3 Public Primary Certification Authority - G6
  "ab3876c3da5de0c9cf6736868ee5b88bf9ba1dff9c9d72d2fe5a8d2f78302166", // Thawte Timestamping CA
  "2021917e98263945c859c43f1d73cb4139053c414fa03ca3bc7ee88614298f3b", // USERTrust ECC Certification Authority
  "c784333d20bcd742b9fdc3236f4e509b8937070e73067e254dd3bf9c45bf4dde", // USERTrust RSA Certification Authority
  "0fe14c264b17bb6f0d653e7a70eb363dbf54be158039eddae5c25711df48c103", // UTN-USERFirst-Object
  "5192438ec369d7ee0ce71f5c6db75f941efbf72e58441715e99eab04c2c8acee", // VeriSign Class 3 Public Primary Certification Authority - G4
  "967b0cd93fcef7f27ce2c245767ae9b05a776b0649f9965b6290968469686872", // VeriSign Universal Root Certification Authority
  "67dc4f32fa10e7d01a79a073aa0c9e0212ec2ffc3d779e0aa7f9c0f0e1c2c893", // thawte Primary Root CA - G2
  "1906c6124dbb438578d00e066d5054c6c37f0fa6028c05545e0994eddaec8629", // thawte Primary Root CA - G3
]);
